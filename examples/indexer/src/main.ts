// Indexes the files of a folder while the index service goes through an outage: node dist/main.js [folder]
import { ParallelExecutor } from '@switchgear/executor';
import { compare, rightRecords } from './comparison.js';
import { count, Display } from './display.js';
import { type FileRecord, recordOf } from './file-record.js';
import { chooseFiles, type Files, shortPath } from './files.js';
import { type JobResult, runJob } from './job.js';
import { Narrator } from './narrator.js';

const ExitCode = { fine: 0, lost: 1, failed: 2, interrupted: 130 } as const;

const display = new Display();
const stop = new AbortController();
// Once: Node ends the process at a second Ctrl-C.
process.once('SIGINT', () => stop.abort());
// Items of this thread that wait for the circuit would keep the process running.
process.exit(await main(stop.signal).catch(complain));

interface Told {
  readonly files: Files;
  readonly guarded: JobResult;
  readonly signal: AbortSignal;
}

async function main(signal: AbortSignal): Promise<number> {
  const files = await chooseFiles(process.argv[2]);
  const total = files.paths.length;
  display.say(`Indexing ${count(total)} files of ${shortPath(files.folder)}`);
  if (total === 0) return ExitCode.failed;

  await using executor = new ParallelExecutor();
  const guarded = await runGuarded(executor, files, signal);
  if (signal.aborted) return stopped(guarded, total);

  return await compareWithBare(executor, { files, guarded, signal });
}

async function runGuarded(executor: ParallelExecutor, files: Files, signal: AbortSignal): Promise<JobResult> {
  using narrator = new Narrator(display, files.paths.length);
  const result = await runJob(executor, { files, isGuarded: true, signal }, narrator);
  narrator.draw();
  return result;
}

async function compareWithBare(
  executor: ParallelExecutor,
  { files, guarded, signal }: Told,
): Promise<number> {
  const total = files.paths.length;
  display.say('\nThe same job without circuit and retry, and a serial pass to compare with:');
  const bare = await runJob(
    executor,
    { files, isGuarded: false, signal },
    { progressed: (done) => display.status(`without: ${count(done)} of ${count(total)} files`) },
  );
  const expected = await serialPass(files, signal);
  if (signal.aborted) return stopped(guarded, total);

  for (const line of compare(guarded, bare, expected)) display.say(line);
  const spared = bare.counts.failures - guarded.counts.failures;
  if (spared > 0) display.say(`\nThe failing service was spared ${count(spared)} requests.`);
  if (rightRecords(guarded, expected) === total && guarded.failure === undefined) {
    display.say('Nothing is lost: every record is in the index, as the serial pass has it.');
    return ExitCode.fine;
  }
  display.say(`Something is lost. The first failure: ${String(guarded.failure)}`);
  return ExitCode.lost;
}

/** The records that should be in the index: computed one by one, in this thread, without the service. */
async function serialPass({ folder, paths }: Files, signal: AbortSignal): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for (const path of paths) {
    if (signal.aborted) break;
    // A file that cannot be read has failed in the jobs above, which report it.
    const record = await recordOf(folder, path).catch(() => undefined);
    if (record !== undefined) records.push(record);
    display.status(`serial pass: ${count(records.length)} of ${count(paths.length)} files`);
  }
  display.status('');
  return records;
}

function stopped({ records }: JobResult, total: number): number {
  display.status('');
  display.say(`\nStopped: the records of ${count(records.size)} of ${count(total)} files are in the index.`);
  return ExitCode.interrupted;
}

function complain(error: unknown): number {
  display.status('');
  // The service may have ended before this process could get its counts.
  if (stop.signal.aborted) return ExitCode.interrupted;
  console.error(error);
  return ExitCode.failed;
}
