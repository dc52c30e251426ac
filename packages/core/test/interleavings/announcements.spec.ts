import { describe, expect, it } from '@jest/globals';
import { explore, type Memory } from '@switchgear/core/testing';
import { layoutFor } from '../../src/panel/layout.js';
import { readLastFailure, writeLastFailure } from '../../src/circuit/memory/last-failure.js';
import {
  appendTransition,
  type LoggedTransition,
  type LoggedTransitions,
  readTransitions,
} from '../../src/circuit/events/transition-log.js';
import { Phase } from '../../src/circuit/memory/word.js';

const layout = layoutFor(2, 4);

function announcement(thread: number): LoggedTransition {
  const at = 2 ** 36 + thread;
  return {
    record: 64,
    incarnation: 3,
    from: Phase.closed,
    to: Phase.open,
    generation: 4,
    at,
    failures: 5,
    thread,
  };
}

const announcing =
  (thread: number) =>
  (memory: Memory): LoggedTransitions | undefined => {
    appendTransition(memory, layout, announcement(thread));
    return undefined;
  };

const reading = (memory: Memory): LoggedTransitions => readTransitions(memory, layout, 0);

describe('announcements, in every schedule', () => {
  it('of two threads are all read, whole', () => {
    explore<unknown>({
      threads: [announcing(1), announcing(2)],
      check: ({ memory }) => {
        const { transitions: announcements, missed } = reading(memory);
        expect(missed).toBe(0);
        expect([...announcements].sort((one, other) => one.thread - other.thread)).toEqual([
          announcement(1),
          announcement(2),
        ]);
      },
    });
  });

  it('that are read while they are written are whole, or missed', () => {
    explore<LoggedTransitions | undefined>({
      threads: [announcing(1), reading],
      deaths: 1,
      check: ({ endings: [, reader] }) => {
        if (reader.kind !== 'returned') return;
        for (const read of reader.result?.transitions ?? []) expect(read).toEqual(announcement(1));
      },
    });
  });

  it('whose thread dies are missed, and do not hide those that come after', () => {
    explore<unknown>({
      threads: [announcing(1)],
      deaths: 1,
      check: ({ memory }) => {
        announcing(2)(memory);
        expect(reading(memory).transitions.map(({ thread }) => thread)).toContain(2);
      },
    });
  });
});

describe('the copy of a failure, in every schedule', () => {
  const failure = (name: string) => ({ name, code: undefined, message: `${name} and so on` });
  const writing = (name: string) => (memory: Memory) => writeLastFailure(memory, 0, 1, failure(name));

  it('of two writers is one of theirs, or none', () => {
    explore<unknown>({
      threads: [writing('A'), writing('B')],
      deaths: 1,
      check: ({ memory }) => {
        expect([undefined, failure('A'), failure('B')]).toContainEqual(readLastFailure(memory, 0, 1));
      },
    });
  });
});
