import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { explanationOf, idleExplanations } from './explanations.js';
import { isOutdated, type Measured, type Mutant } from './measured.js';
import { ROOT } from './root.js';

type All = Readonly<Record<string, Measured>>;

const REPORT = `${ROOT}/reports/mutants.md`;
const PAGE = `${ROOT}/docs/mutants.md`;
const BEGIN = '<!-- Written by `npm run mutants -- --publish`; what is changed by hand below is lost. -->';
const LONGEST_CODE = 120;

/** A mutant with its file. */
interface Found {
  readonly file: string;
  readonly mutant: Mutant;
}

/** A table of files, and the survivors that no one has explained. */
export function reportOf(all: All): string {
  const survivors = allIn(all).filter(isSurvivor);
  const open = survivors.filter((found) => whyOf(found) === undefined);
  const idle = idleExplanations(all);
  return [
    scoreTable(all),
    ...(open.length > 0 ? ['## Survivors to be killed or explained', open.map(lineOf).join('\n')] : []),
    ...(idle.length > 0
      ? [
          '## Explanations that explain no survivor',
          idle.map(({ file, original, mutated }) => `- ${file} ${change(original, mutated)}`).join('\n'),
        ]
      : []),
  ].join('\n\n');
}

/** Writes the report of all that was ever measured beside the measurements. */
export async function writeReport(all: All): Promise<void> {
  writeFileSync(REPORT, await formatted(REPORT, `# Mutants\n\n${reportOf(all)}\n`));
}

/** Puts the scores and the explained survivors into the page, below what was written by hand. */
export async function publish(all: All): Promise<void> {
  const page = readFileSync(PAGE, 'utf8');
  if (!page.includes(BEGIN)) throw new Error(`${PAGE} has no line ${BEGIN}`);
  const explained = allIn(all).filter((found) => isSurvivor(found) && whyOf(found) !== undefined);
  const parts = [
    `${page.split(BEGIN)[0]}${BEGIN}`,
    scoreTable(all),
    ...(explained.length > 0
      ? ['## Survivors explained', explained.map((found) => `${lineOf(found)}: ${whyOf(found)}`).join('\n')]
      : []),
  ];
  writeFileSync(PAGE, await formatted(PAGE, `${parts.join('\n\n')}\n`));
}

function scoreTable(all: All): string {
  const rows = Object.entries(all)
    .filter(([, { mutants }]) => mutants.length > 0)
    .map(([file, measured]) => {
      const name = shortened(file);
      return rowOf(
        isOutdated(file, measured) ? `${name} (older)` : name,
        measured.date,
        allIn({ [file]: measured }),
      );
    });
  return [
    '| file | mutants | killed | timeout | survived | of these explained | score | measured |',
    '| :-- | --: | --: | --: | --: | --: | --: | :-- |',
    ...rows,
    rowOf('**all**', '', allIn(all)),
  ].join('\n');
}

function rowOf(name: string, date: string, found: readonly Found[]): string {
  const survivors = found.filter(isSurvivor);
  const explained = survivors.filter((survivor) => whyOf(survivor) !== undefined);
  const killed = found.filter(({ mutant }) => mutant.fate === 'killed');
  const timeouts = found.length - survivors.length - killed.length;
  const score = ((found.length - survivors.length) / found.length) * 100;
  const counts = [found, killed, timeouts, survivors, explained].map((each) =>
    String(typeof each === 'number' ? each : each.length),
  );
  return `| ${[name, ...counts, `${score.toFixed(1)} %`, date].join(' | ')} |`;
}

/**
 * A test of core that hangs has not said what is wrong: its clocks stand still, so it waits for nothing. In other packages, whose
 * specs wait for workers, it has.
 */
function isSurvivor({ file, mutant: { fate } }: Found): boolean {
  if (fate === 'hung') return file.startsWith('packages/core/');
  return fate === 'survived' || fate === 'uncovered';
}

function allIn(all: All): readonly Found[] {
  return Object.entries(all).flatMap(([file, { mutants }]) => mutants.map((mutant) => ({ file, mutant })));
}

function whyOf({ file, mutant }: Found): string | undefined {
  return explanationOf(file, mutant);
}

function lineOf({ file, mutant }: Found): string {
  const { line, column, original, mutated, fate } = mutant;
  const note = fate === 'survived' ? '' : ` (${fate})`;
  return `- ${shortened(file)}:${line}:${column} ${change(original, mutated)}${note}`;
}

function change(original: string, mutated: string): string {
  return `${code(original)} → ${code(mutated)}`;
}

/** Fenced by more backticks than there are in it. */
function code(text: string): string {
  const cut = text.length > LONGEST_CODE ? `${text.slice(0, LONGEST_CODE)} …` : text;
  const ticks = Math.max(0, ...Array.from(cut.matchAll(/`+/g), ([run]) => run.length));
  if (cut === '') return '*nothing*';
  return ticks === 0 ? `\`${cut}\`` : `${'`'.repeat(ticks + 1)} ${cut} ${'`'.repeat(ticks + 1)}`;
}

function shortened(file: string): string {
  return file.replace(/^packages\//, '').replace('/src/', '/');
}

async function formatted(file: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(file)), filepath: file });
}
