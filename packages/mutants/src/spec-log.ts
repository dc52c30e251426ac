import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** What the first run, without a mutant, shows of a spec file. */
export interface SpecFile {
  readonly ms: number;
  /** The mutants whose code it runs, also while it loads. */
  readonly mutants: readonly string[];
  /** How long each of its tests takes, in milliseconds. */
  readonly tests: Readonly<Record<string, number>>;
}

/**
 * What the processes that run the specs know of them. It is kept in files, because a process that a mutant hangs is ended,
 * and Stryker starts another. The variable is set by those who start Stryker.
 */
const FOLDER = process.env['SWITCHGEAR_MUTANTS'] ?? '.';
const SPECS = `${FOLDER}/specs.json`;
const LUCK = `${FOLDER}/luck.json`;
const RUNNING = `${FOLDER}/running-${process.pid}`;
const hungBy = (mutant: string): string => `${FOLDER}/hung-${mutant}`;

/** How much the newest run says beside all those before. */
const NEWEST = 0.2;

/** What a spec file costs beside its tests. */
const START_MS = 150;

let specs: Record<string, SpecFile> | undefined;
let luck: Record<string, number> | undefined;

/** What is known of a spec file. */
export function specFile(path: string): SpecFile | undefined {
  return allSpecs()[path];
}

export function recordSpecFile(path: string, file: SpecFile): void {
  allSpecs()[path] = file;
  writeFileSync(SPECS, JSON.stringify(specs));
}

/** Notes whether a spec file has found a mutant. */
export function recordLuck(path: string, found: boolean): void {
  allLuck()[path] = luckOf(path) * (1 - NEWEST) + (found ? NEWEST : 0);
  writeFileSync(LUCK, JSON.stringify(luck));
}

/** The more, the sooner the spec file may be expected to find a mutant. */
export function promiseOf(path: string): number {
  return luckOf(path) / (START_MS + (specFile(path)?.ms ?? 0));
}

/** Notes which spec file runs in this process from now on. */
export function recordRunning(path: string): void {
  writeFileSync(RUNNING, path);
}

/** Notes that the spec file that runs in this process never ends with the mutant. */
export function recordHang(mutant: string): void {
  appendFileSync(hungBy(mutant), `${readFileSync(RUNNING, 'utf8')}\n`);
}

/** The spec files that never end with the mutant, as far as they have been tried. */
export function hangsOf(mutant: string): readonly string[] {
  const file = hungBy(mutant);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function luckOf(path: string): number {
  return allLuck()[path] ?? 0.5;
}

function allSpecs(): Record<string, SpecFile> {
  return (specs ??= read(SPECS) as Record<string, SpecFile>);
}

function allLuck(): Record<string, number> {
  return (luck ??= read(LUCK) as Record<string, number>);
}

function read(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
