import { type CircuitOpening, circuitOpening } from '../circuit-opening.js';
import type { Transition } from '../machine/transition.js';
import type { Memory } from '../../panel/memory.js';
import { type PanelRecord } from '../../panel/record.js';
import { openedWith } from '../memory/circuit-record.js';
import { isOpening, machinePhase, Phase, phaseOf } from '../memory/word.js';
import { generationOf, previousGeneration, type Word } from '../../panel/word.js';
import { copyOfFailure, readLastError, writeLastFailure } from '../memory/last-failure.js';
import type { Panel } from '../../panel/panel.js';
import { readOpening } from '../events/read-opening.js';

/** What one thread knows of one opening of a circuit: all its refusals say the same. */
export interface Opening {
  readonly generation: number;
  /** Epoch ms. */
  readonly openedAt: number | undefined;
  /** The failure that opened it, or its copy where that happened in another thread. */
  readonly cause: unknown;
  /** The same for those who look at the circuit; undefined where the thread that opened it died too early to say. */
  readonly shown: CircuitOpening | undefined;
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
  readonly memory: Memory;
  readonly record: PanelRecord;
}

/**
 * Notes an opening that this thread made, and leaves a copy of its cause to the other threads.
 *
 * @param last what this thread knew of the opening before
 */
export function beginOpening(
  circuit: OpenedCircuit,
  { from, generation, at, opening }: Transition,
  error: unknown,
  last: Opening | undefined,
): Opening {
  const { panel, memory, record } = circuit;
  // A probe that expired has no error of its own: what opened the circuit before is still the reason.
  const isReopening = machinePhase(from) === Phase.halfOpen && opening?.by === 'probe';
  const before = isReopening ? previousGeneration(previousGeneration(generation)) : -1;
  const cause = error ?? causeOf(circuit, before, last);
  if (cause !== undefined) writeLastFailure(memory, panel.annexAt(record), generation, copyOfFailure(cause));
  const openedAt = panel.toEpoch(at);
  const shown = opening === undefined ? undefined : circuitOpening(opening, openedAt, cause);
  return newOpening(generation, openedAt, cause, shown);
}

/** The opening that a word of an open or half-open circuit belongs to. */
export function openingOf(circuit: OpenedCircuit, word: Word, last: Opening | undefined): Opening {
  const { panel, memory, record } = circuit;
  const generation = openedIn(word) ?? generationOf(word.low);
  if (last?.generation === generation) return last;
  const openedAt = openedWith(memory, record.at, generation);
  const epoch = openedAt === undefined ? undefined : panel.toEpoch(openedAt);
  const cause = causeOf(circuit, generation, last);
  return newOpening(generation, epoch, cause, openingShown(circuit, word, last));
}

/**
 * What opened the circuit whose word this is; undefined where it is closed, or where the thread that opened it died too early to
 * note it.
 *
 * @param last what this thread knows of the opening: the error itself, if the circuit was opened here
 */
export function openingShown(
  circuit: OpenedCircuit,
  word: Word,
  last: Opening | undefined,
): CircuitOpening | undefined {
  const generation = openedIn(word);
  if (generation === undefined) return undefined;
  const cause = last?.generation === generation ? last.cause : undefined;
  return readOpening(circuit, generation, phaseOf(word.low) === Phase.forcedOpen, cause);
}

/** The generation that began when the circuit of this word opened, which a half-open one still knows; undefined if it is closed. */
export function openedIn(word: Word): number | undefined {
  const phase = phaseOf(word.low);
  const generation = generationOf(word.low);
  if (isOpening(phase)) return generation;
  return machinePhase(phase) === Phase.halfOpen ? previousGeneration(generation) : undefined;
}

function newOpening(
  generation: number,
  openedAt: number | undefined,
  cause: unknown,
  shown: CircuitOpening | undefined,
): Opening {
  return { generation, openedAt, cause, shown, hasGivenFrames: false, lastRefusal: undefined };
}

function causeOf(
  { panel, memory, record }: OpenedCircuit,
  generation: number,
  last: Opening | undefined,
): unknown {
  if (last?.generation === generation) return last.cause;
  return readLastError(memory, panel.annexAt(record), generation);
}
