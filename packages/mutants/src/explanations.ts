import { readFileSync } from 'node:fs';
import type { Measured, Mutant } from './measured.js';

/**
 * Why a mutant may survive: what it changes cannot be seen from outside, say. They are kept in `explained.json`, by what the
 * mutant changes and not by its line, so that they hold while the file around it changes.
 */
export interface Explanation {
  readonly file: string;
  readonly original: string;
  readonly mutated: string;
  readonly why: string;
}

const ALL = JSON.parse(
  readFileSync(new URL('../explained.json', import.meta.url), 'utf8'),
) as readonly Explanation[];

export function explanationOf(file: string, mutant: Mutant): string | undefined {
  return ALL.find((explanation) => explains(explanation, file, mutant))?.why;
}

/** Explanations of mutants that are killed by now, or are no more. */
export function idleExplanations(all: Readonly<Record<string, Measured>>): readonly Explanation[] {
  const isNeeded = (explanation: Explanation, file: string): boolean =>
    all[file].mutants.some((mutant) => mutant.fate !== 'killed' && explains(explanation, file, mutant));
  return ALL.filter((explanation) => explanation.file in all && !isNeeded(explanation, explanation.file));
}

function explains(explanation: Explanation, file: string, { original, mutated }: Mutant): boolean {
  return explanation.file === file && explanation.original === original && explanation.mutated === mutated;
}
