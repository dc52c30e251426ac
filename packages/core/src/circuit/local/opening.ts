import { tryRead } from '../../errors/try-read.js';
import type { Transition } from '../machine/transition.js';
import type { SharedMemory } from '../memory/memory.js';
import { type CircuitRecord, openedWith } from '../memory/record.js';
import { generationOf, machinePhase, Phase, phaseOf, previousGeneration, type Word } from '../memory/word.js';
import { type FailureCopy, readLastFailure, writeLastFailure } from '../panel/last-failure.js';
import type { Panel } from '../panel/panel.js';

/** What one thread knows of one opening of a circuit: all its refusals say the same. */
export interface Opening {
  readonly generation: number;
  /** Epoch ms. */
  readonly openedAt: number | undefined;
  /** The failure that opened it, or its copy where that happened in another thread. */
  readonly cause: unknown;
  /** The first refusal says where it was; collecting frames for all of them would cost more than the calls do. */
  hasGivenFrames: boolean;
  /**
   * The last refusal of it, kept for nobody: were none alive when the collector comes, V8 would throw away the code it
   * has compiled for making them, again and again.
   */
  lastRefusal: unknown;
}

/** Whose opening it is. */
interface OpenedCircuit {
  readonly panel: Panel;
  readonly memory: SharedMemory;
  readonly record: CircuitRecord;
}

/**
 * Notes an opening that this thread made, and leaves a copy of its cause to the other threads.
 *
 * @param last what this thread knew of the opening before
 */
export function beginOpening(
  circuit: OpenedCircuit,
  { from, generation, at }: Transition,
  error: unknown,
  last: Opening | undefined,
): Opening {
  const { panel, memory, record } = circuit;
  // A probe that expired has no error of its own: what opened the circuit before is still the reason.
  const before =
    machinePhase(from) === Phase.halfOpen ? previousGeneration(previousGeneration(generation)) : -1;
  const cause = error ?? causeOf(circuit, before, last);
  if (cause !== undefined) writeLastFailure(memory, panel.failureAt(record), generation, copyOf(cause));
  return newOpening(generation, panel.toEpoch(at), cause);
}

/** The opening that a word of an open or half-open circuit belongs to. */
export function openingOf(circuit: OpenedCircuit, word: Word, last: Opening | undefined): Opening {
  const { panel, memory, record } = circuit;
  const isHalfOpen = machinePhase(phaseOf(word.low)) === Phase.halfOpen;
  const generation = isHalfOpen ? previousGeneration(generationOf(word.low)) : generationOf(word.low);
  if (last?.generation === generation) return last;
  const openedAt = openedWith(memory, record.at, generation);
  const epoch = openedAt === undefined ? undefined : panel.toEpoch(openedAt);
  return newOpening(generation, epoch, causeOf(circuit, generation, last));
}

function newOpening(generation: number, openedAt: number | undefined, cause: unknown): Opening {
  return { generation, openedAt, cause, hasGivenFrames: false, lastRefusal: undefined };
}

function causeOf(
  { panel, memory, record }: OpenedCircuit,
  generation: number,
  last: Opening | undefined,
): unknown {
  if (last?.generation === generation) return last.cause;
  const copy = readLastFailure(memory, panel.failureAt(record), generation);
  return copy === undefined ? undefined : errorFrom(copy);
}

/** What of an error other threads are told. It is a stranger's: reading it may throw. */
function copyOf(error: unknown): FailureCopy {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Error', code: undefined, message: String(error) };
  }
  const read = (field: string): string | undefined =>
    text(tryRead(() => (error as Record<string, unknown>)[field]));
  return { name: read('name') ?? 'Error', code: read('code'), message: read('message') ?? '' };
}

/** An error that stands for one of another thread: name, code and message are that one's, the stack is not. */
function errorFrom({ name, code, message }: FailureCopy): Error {
  const error = new Error(message);
  const fields = code === undefined ? { name } : { name, code };
  for (const [field, value] of Object.entries({ ...fields, stack: `${name}: ${message}` })) {
    Object.defineProperty(error, field, { value, configurable: true, writable: true });
  }
  return error;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
