import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';

/*
 * `import-x/no-cycle` leaves out imports of types. Here they count: two files that need each other's types are one thing in
 * two files.
 */

const packages = join(import.meta.dirname, '../../..');
const IMPORT = /(?:from|import)\s*\(?'(\.[^']+)\.js'/g;

/** The files that each source file imports, types included. */
function importsOf(root: string): ReadonlyMap<string, readonly string[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return new Map(
    files.map((file) => {
      const imports = [...readFileSync(join(root, file), 'utf8').matchAll(IMPORT)];
      return [file, imports.map(([, path]) => join(dirname(file), `${path}.ts`))];
    }),
  );
}

/** The files that are left when those are taken away, again and again, that import none of the others. */
function filesInCircles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const left = new Map(imports);
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const [file, paths] of left) if (!paths.some((path) => left.has(path))) left.delete(file);
  }
  return [...left.keys()];
}

it.each(['core', 'decorators', 'executor'])(
  'no two files of %s import each other, by whatever way',
  (name) => {
    const imports = importsOf(join(packages, name, 'src'));
    expect(imports.size).toBeGreaterThan(5);
    expect(filesInCircles(imports)).toEqual([]);
  },
);

it('a circle is found, of types too', () => {
  const imports = new Map([
    ['a.ts', ['b.ts']],
    ['b.ts', ['c.ts']],
    ['c.ts', ['b.ts']],
    ['d.ts', []],
  ]);
  expect(filesInCircles(imports)).toEqual(['a.ts', 'b.ts', 'c.ts']);
});
