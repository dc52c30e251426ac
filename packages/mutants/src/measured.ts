import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';
import { ROOT } from './root.js';

/**
 * What became of a mutant. `killed`: a spec failed. `looped`: it ran far more often than without the mutant, so a loop does not
 * end. `hung`: a test did not end in time. `survived`: all specs are green. `uncovered`: no test runs it.
 */
type Fate = 'killed' | 'looped' | 'hung' | 'survived' | 'uncovered';

export interface Mutant {
  readonly line: number;
  readonly column: number;
  readonly original: string;
  readonly mutated: string;
  readonly fate: Fate;
}

/** The last measurement of a source file. */
export interface Measured {
  /** The source that was measured, as a hash. */
  readonly source: string;
  readonly date: string;
  readonly mutants: readonly Mutant[];
}

const STORE = `${ROOT}/reports/mutants.json`;

/** The last measurement of every source file that is still there, by its path from the root of the repository. */
export function allMeasured(): Readonly<Record<string, Measured>> {
  if (!existsSync(STORE)) return {};
  const all = JSON.parse(readFileSync(STORE, 'utf8')) as Record<string, Measured>;
  return Object.fromEntries(Object.entries(all).filter(([file]) => existsSync(`${ROOT}/${file}`)));
}

/** Puts measurements of files in the place of those before. */
export function remember(measured: Readonly<Record<string, Measured>>): void {
  const all = Object.entries({ ...allMeasured(), ...measured });
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  mkdirSync(`${ROOT}/reports`, { recursive: true });
  writeFileSync(STORE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}

/** The results of Stryker, file by file. */
export function measuredOf(
  files: readonly string[],
  results: readonly MutantResult[],
): Record<string, Measured> {
  const date = new Date().toISOString().slice(0, 10);
  return Object.fromEntries(
    files.map((file) => {
      const text = readFileSync(`${ROOT}/${file}`, 'utf8');
      const mutants = results
        .filter(({ fileName }) => fileName === `${ROOT}/${file}`)
        .flatMap((result) => mutantOf(result, text) ?? [])
        .sort((a, b) => a.line - b.line || a.column - b.column);
      return [file, { source: hashOf(text), date, mutants }];
    }),
  );
}

/** Whether the file has changed since it was measured. */
export function isOutdated(file: string, { source }: Measured): boolean {
  return hashOf(readFileSync(`${ROOT}/${file}`, 'utf8')) !== source;
}

function mutantOf(result: MutantResult, text: string): Mutant | undefined {
  const fate = fateOf(result);
  if (fate === undefined) return undefined;
  const { start, end } = result.location;
  const lines = text.split('\n');
  const original = lines.slice(start.line - 1, end.line);
  // The end first, in case it is on the first line.
  original[original.length - 1] = original[original.length - 1].slice(0, end.column - 1);
  original[0] = original[0].slice(start.column - 1);
  return {
    line: start.line,
    column: start.column,
    original: onOneLine(original.join('\n')),
    mutated: onOneLine(result.replacement),
    fate,
  };
}

/** Undefined for what is no mutant to be killed. */
function fateOf({ status, statusReason }: MutantResult): Fate | undefined {
  switch (status) {
    case 'Killed':
      return 'killed';
    case 'RuntimeError':
      // It has hung a second spec file, after which Stryker gives up, or the specs do not even load.
      return statusReason?.startsWith('Test runner crashed') === true ? 'hung' : 'killed';
    case 'Timeout':
      return statusReason === undefined ? 'hung' : 'looped';
    case 'Survived':
      return 'survived';
    case 'NoCoverage':
      return 'uncovered';
    default:
      return undefined;
  }
}

function onOneLine(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
