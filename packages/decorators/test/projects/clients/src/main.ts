import { writeFileSync } from 'node:fs';
import { runLoads } from './loads.js';
import { type Difference, differenceOf, loadTableOf, notesOf, tableOf } from './page/tables.js';
import { notes } from './page/notes.js';
import { sentenceOf } from './run/outcome.js';
import { suites } from './suites.js';

/*
 * Runs every client against every fault, and writes what the page has of it into `tables.md`, and what is not explained into
 * `report.json`. With DEBUG_CLIENTS=1 it prints the errors. An argument chooses the suites whose titles begin with it.
 */
const [, , chosen = ''] = process.argv;

/** Errors that no one awaited, whoever left them. */
const strays: string[] = [];
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, (error: unknown) =>
    strays.push(error instanceof Error ? String(error.stack) : String(error)),
  );

async function main(): Promise<void> {
  const parts: string[] = [];
  const differences: Difference[] = [];
  for (const { title, clients, run } of suites.filter((suite) => suite.title.startsWith(chosen))) {
    const began = Date.now();
    const cells = await run();
    differences.push(...cells.flatMap((cell) => differenceOf(cell) ?? []));
    parts.push(`### ${title}`, tableOf(clients, cells));
    console.log(`${title}: ${cells.filter(({ outcome }) => outcome).length} cases, ${Date.now() - began} ms`);
  }
  const loads = await runLoads();
  parts.push('### Killed under load', loadTableOf(loads), '## Notes', notesOf(differences));

  const unexplained = differences
    .filter(({ note }) => note === undefined)
    .map(
      ({ client, fault, outcome, expected }) =>
        `${client}, ${fault}: ${sentenceOf(outcome)}; expected ${sentenceOf(expected)}`,
    );
  const idle = notes.filter((_, index) => !differences.some(({ note }) => note === index + 1));
  writeFileSync('tables.md', parts.join('\n\n'));
  writeFileSync(
    'report.json',
    JSON.stringify({
      unexplained,
      idleNotes: idle.map(({ why }) => why),
      failedLoads: loads.filter((load) => !(load.opened && load.closedAgain && load.isCountedOnce)),
      strays,
    }),
  );
  console.log(JSON.stringify({ unexplained, strays }, undefined, 2));
}

// The servers are process groups of their own, which no signal of the terminal reaches; they end when this process exits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));

// Some clients leave sockets and timers behind.
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
