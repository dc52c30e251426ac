import { expect, it } from '@jest/globals';
import { CircuitRegistry, Panel } from '@switchgear/core';

// O23: a line of code that runs with two policies was told to declare the key once, and named twice as two places.

it('a key that one line declares with two policies is told what to do', () => {
  const registry = new CircuitRegistry(new Panel({ circuits: 4 }));
  const declare = (failureThreshold: number) => registry.get('geo', { failureThreshold });
  declare(3);
  expect(() => declare(4)).toThrow(
    /^Key "geo" has two policies, both declared at \S+ \(different: failureThreshold\)\. .*circuits\.remove\("geo"\)\.$/,
  );
});
