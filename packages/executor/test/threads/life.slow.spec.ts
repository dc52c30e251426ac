import { describe, expect, it } from '@jest/globals';
import { fixture, printedBy } from '../support/workplace.js';

/** What a process of its own prints; it has to end by itself. */
async function told(deed: string): Promise<unknown> {
  return JSON.parse(await printedBy(fixture('life-process.mjs'), deed));
}

describe('a process ends by itself', () => {
  it.each([
    ['with idle workers', 'idle', [2, 4]],
    ['with a stream that is not read on', 'unread', { status: 'succeeded', value: 2, index: 0 }],
    ['with workers that were started for nothing', 'emptySet', []],
    ['with a worker too many', 'shortSet', [2]],
    ['with a worker that could not be sent anything', 'notCloneable', 'ERR_NOT_CLONEABLE'],
  ])('%s', async (_what, deed, printed) => {
    expect(await told(deed)).toEqual(printed);
  });

  it('not before its executor is closed, if it waits for that', async () => {
    expect(await told('closed')).toBe('closed');
  });
});

describe('auto', () => {
  it('advises a loop for trivial items, and says why', async () => {
    expect(await told('trivial')).toEqual([
      'loop',
      0,
      true,
      expect.stringMatching(/^A loop in this thread: /),
    ]);
  });

  it('advises workers for heavy items, and says why', async () => {
    expect(await told('heavy')).toEqual([
      'workers',
      2,
      1,
      expect.stringMatching(/^2 worker threads: .* 39 left/),
    ]);
  });

  it('runs trivial items in this thread', async () => {
    expect(await told('trivialMap')).toEqual([[0], 'loop']);
  });

  it('runs the first heavy items in this thread, and the others in workers', async () => {
    expect(await told('heavyMap')).toEqual(['workers', true, true, true]);
  });

  it('leaves the processor alone while the reader of a stream is slow', async () => {
    expect(await told('slowReader')).toBe(true);
  });
});

describe('workers', () => {
  it('do a million items', async () => {
    expect(await told('million')).toEqual([1_000_000, true]);
  });
});

describe('a listener of progress that throws', () => {
  it('is a warning of the process', async () => {
    expect(await told('progress')).toBe('onProgress threw: no listener');
  });
});
