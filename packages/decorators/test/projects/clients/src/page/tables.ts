import type { Cell } from '../run/run.js';
import { NOTHING, type Outcome, sentenceOf } from '../run/outcome.js';
import type { LoadOutcome } from '../run/under-load.js';
import { notes, numberOfNote } from './notes.js';

/** Not what the user expects. */
export interface Difference extends Cell {
  readonly outcome: Outcome;
  /** Whether it differs in what was counted, tried or waited for, and not only in the word for it. */
  readonly isMiss: boolean;
  readonly note: number | undefined;
}

export function differenceOf({ outcome, ...cell }: Cell): Difference | undefined {
  if (outcome === undefined || sentenceOf(outcome) === sentenceOf(cell.expected)) return undefined;
  const factsOf = ({ got, ...facts }: Outcome) => sentenceOf({ ...facts, got: '' });
  const isMiss = outcome.got === NOTHING || factsOf(outcome) !== factsOf(cell.expected);
  return { ...cell, outcome, isMiss, note: numberOfNote(cell.client, cell.fault) };
}

/** A table with a row for each fault and a column for each client. */
export function tableOf(clients: readonly string[], cells: readonly Cell[]): string {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const rows = faults.map((fault) => {
    const its = cells.filter((cell) => cell.fault === fault);
    const common = its.find(({ client }) => client !== 'fetch, resolves') ?? its[0];
    const marks = clients.map((client) => markOf(its.find((cell) => cell.client === client)));
    return [fault, common === undefined ? '' : sentenceOf(common.expected), ...marks];
  });
  return table(['what happens', 'expected', ...clients], rows);
}

function markOf(cell: Cell | undefined): string {
  if (cell?.outcome === undefined) return '–';
  const difference = differenceOf(cell);
  if (difference === undefined) return '✓';
  const mark = difference.note === undefined ? '✗' : `[${difference.note}](#notes)`;
  return difference.isMiss ? `**${mark}**` : mark;
}

/** Each note with what came. */
export function notesOf(differences: readonly Difference[]): string {
  return notes
    .map(({ why }, index) => {
      const its = differences.filter(({ note }) => note === index + 1);
      const lines = its.map(({ client, fault, outcome, isMiss }) => {
        const came = sentenceOf(outcome);
        return `    - ${client}, ${fault}: ${isMiss ? `**${came}**` : came}`;
      });
      return `${index + 1}. ${why}\n\n${lines.join('\n')}`;
    })
    .join('\n');
}

export function loadTableOf(outcomes: readonly LoadOutcome[]): string {
  const yes = (is: boolean) => (is ? '✓' : '**✗**');
  return table(
    ['client', 'kinds of its errors', 'the circuit opens', 'closes again', 'each call counted once'],
    outcomes.map(({ client, errors, opened, closedAgain, isCountedOnce }) => [
      client,
      errors.join(', '),
      yes(opened),
      yes(closedAgain),
      yes(isCountedOnce),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
