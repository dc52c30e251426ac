import { AsyncLocalStorage } from 'node:async_hooks';
import type { Memory } from './memory.js';

/** A probe that is out, and the probes of other circuits around it. */
interface Running {
  readonly word: number;
  readonly tag: number;
  readonly around: Running | undefined;
}

/**
 * Which probes the running code is part of, so that a call of the same circuit inside one rides on its permit.
 *
 * Following asynchronous calls slows down every promise of the process on Node 20 and 22, so it is on only while a probe
 * is out, and is made only for the first.
 */
let storage: AsyncLocalStorage<Running> | undefined;
let out = 0;

/** Runs `fn` as a probe; the caller says {@link probeEnded} when its outcome is there. */
export function runProbe<R>(word: number, tag: number, fn: () => R): R {
  storage ??= new AsyncLocalStorage();
  out++;
  return storage.run({ word, tag, around: storage.getStore() }, fn);
}

export function probeEnded(): void {
  if (--out === 0) storage?.disable();
}

/** Whether the running code is part of a probe of the circuit at `word`, and the circuit has not moved on since. */
export function isInsideProbe(memory: Memory, word: number): boolean {
  if (out === 0) return false;
  const tag = memory.load(word);
  for (let it = storage?.getStore(); it !== undefined; it = it.around) {
    if (it.word === word && it.tag === tag) return true;
  }
  return false;
}
