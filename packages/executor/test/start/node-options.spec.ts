import { describe, expect, it } from '@jest/globals';
import {
  importsIn,
  joinNodeOptions,
  splitNodeOptions,
  withoutPreloads,
} from '../../src/start/node-options.js';

describe('NODE_OPTIONS are split as Node splits them', () => {
  it.each([
    ['', []],
    ['  --import  ./a.mjs ', ['--import', './a.mjs']],
    ['--import=./a.mjs -r ./b.cjs', ['--import=./a.mjs', '-r', './b.cjs']],
    ['--import "./a b.mjs"', ['--import', './a b.mjs']],
    ['"--import=./a b.mjs"', ['--import=./a b.mjs']],
    ['--require="./a \\"b\\" \\\\.cjs"', ['--require=./a "b" \\.cjs']],
    ['--title=a\\b', ['--title=a\\b']],
    ['--title ""', ['--title', '']],
  ])('%p', (text, words) => {
    expect(splitNodeOptions(text)).toEqual(words);
  });

  it.each([[['--import', './a b.mjs', '--title=say "x" \\']]])('and joined back (%p)', (words) => {
    expect(splitNodeOptions(joinNodeOptions(words))).toEqual(words);
  });
});

describe('the modules that --import names', () => {
  it('are those of both spellings, in order', () => {
    const words = ['--import', 'tsx', '-r', './b.cjs', '--import=./a.mjs', '--conditions', 'import'];
    expect(importsIn(words)).toEqual(['tsx', './a.mjs']);
  });

  it('are none where the option has no value', () => {
    expect(importsIn(['--import'])).toEqual([]);
  });

  it('may be data URLs', () => {
    expect(importsIn(['--import=data:text/javascript,a=1'])).toEqual(['data:text/javascript,a=1']);
  });
});

describe('options without preloads', () => {
  it('keep everything else', () => {
    const words = [
      '--import',
      'tsx',
      '-r',
      './b.cjs',
      '--require=./c.cjs',
      '--conditions',
      'x',
      '--loader=l',
    ];
    expect(withoutPreloads(words)).toEqual(['--conditions', 'x', '--loader=l']);
  });
});
