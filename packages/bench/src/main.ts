import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Effort, Group, Section } from './contestant.js';
import { groups } from './groups.js';
import { publish, reportOf } from './report.js';

/**
 * `npm run bench` measures everything and writes docs/benchmarks.md. `npm run bench -- closed` measures the groups whose
 * names contain a word, and prints the results; `--quick` only shows that everything runs.
 */
const FULL: Effort = { rounds: 21, slice: 25, circuits: 10_000 };
const QUICK: Effort = { rounds: 3, slice: 2, circuits: 500 };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const effort = values.quick ? QUICK : FULL;

if (process.send === undefined) await measureAll();
else await measureHere(positionals[0]);

async function measureAll(): Promise<void> {
  const chosen = groups.filter(({ name }) => positionals.every((word) => name.includes(word)));
  if (chosen.length === 0) {
    throw new Error(`nothing to measure: expected part of ${groups.map(({ name }) => name).join(', ')}`);
  }
  const sections: Section[] = [];
  for (const group of chosen) {
    console.error(`measuring ${group.name} …`);
    sections.push(...(await measureApart(group)));
  }
  const report = reportOf(sections);
  console.log(report);
  if (chosen.length === groups.length && !values.quick) publish(report);
}

/** Measures a group in a process of its own, where the compiler has seen no other group. */
async function measureApart({ name }: Group): Promise<readonly Section[]> {
  const args = values.quick ? [name, '--quick'] : [name];
  const child = fork(fileURLToPath(import.meta.url), args, { execArgv: ['--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code ?? 'a signal'}`)));
  });
}

async function measureHere(name: string | undefined): Promise<void> {
  const sections = await groups.find((group) => group.name === name)?.measure(effort);
  // Some peers leave timers behind.
  process.send?.(sections, () => process.exit());
}
