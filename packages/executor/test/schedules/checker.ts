import { isExecutorClosedError } from '@switchgear/executor';
import type { ItemResult } from '@switchgear/executor';
import type { Observation } from './observation.js';
import type { Deed, PlannedJob, Schedule } from './schedule.js';

/** What an item comes to in a serial run: its value, or the name of its error. */
type Expected = { readonly value: number } | { readonly error: string };

function expectedOf(deed: Deed, n: number, crashRetries: number): Expected {
  switch (deed) {
    case 'value':
    case 'slow':
    case 'later':
      return { value: n * 2 };
    case 'throws':
      return { error: 'RangeError' };
    case 'uncloneable':
    case 'unsendable':
      return { error: 'NotCloneableError' };
    case 'dies':
      return { error: 'WorkerCrashError' };
    case 'diesOnce':
      return crashRetries > 0 ? { value: n * 2 } : { error: 'WorkerCrashError' };
  }
}

/** What is wrong with a run of a schedule, compared with a serial run: a sentence a fault. */
export function faultsOf(schedule: Schedule, observations: readonly Observation[]): readonly string[] {
  return schedule.jobs.flatMap((job, i) =>
    jobFaults(schedule, job, observations[i]).map((fault) => `job ${i} (${job.kind}): ${fault}`),
  );
}

function jobFaults(schedule: Schedule, job: PlannedJob, { end, runs }: Observation): readonly string[] {
  const expected = job.deeds.map((deed, n) => expectedOf(deed, n, schedule.crashRetries));
  const isDeadly = schedule.jobs.some(({ deeds }) => deeds.some((deed) => deed.startsWith('dies')));
  const faults: string[] = [];
  const completed = new Set<number>();
  const check = (index: number, outcome: { readonly value?: unknown; readonly error?: unknown }): void => {
    if (completed.has(index)) faults.push(`item ${index} has two outcomes`);
    completed.add(index);
    const wanted = expected.at(index);
    const got = 'error' in outcome ? { error: nameOf(outcome.error) } : { value: outcome.value };
    if (JSON.stringify(got) === JSON.stringify(wanted)) return;
    faults.push(`item ${index} came to ${JSON.stringify(got)}, not to ${JSON.stringify(wanted)}`);
  };
  const checkAll = (results: readonly ItemResult<unknown>[]): void => {
    for (const result of results) check(result.index, result);
    const isInOrder = results.every(({ index }, i) => index === i);
    if (job.isOrdered && !isInOrder) faults.push('its outcomes are out of order');
  };
  switch (end.kind) {
    case 'hangs':
      return ['it does not end'];
    case 'resolved':
      end.values.forEach((value, index) => check(index, { value }));
      if (completed.size !== expected.length)
        faults.push(`${expected.length - completed.size} items are lost`);
      break;
    case 'settled':
      checkAll(end.results);
      if (completed.size !== expected.length)
        faults.push(`${expected.length - completed.size} items are lost`);
      break;
    case 'rejected':
      checkAll(end.results);
      checkRejection();
  }
  function checkRejection(): void {
    const { error, failure } = end as Extract<Observation['end'], { kind: 'rejected' }>;
    if (schedule.close !== undefined && isExecutorClosedError(error)) return;
    if (job.abortAfter !== undefined && nameOf(error) === 'AbortError') return;
    const index = job.kind === 'run' ? 0 : failure?.index;
    const wanted = index === undefined ? undefined : expected.at(index);
    if (wanted === undefined || !('error' in wanted) || wanted.error !== nameOf(error)) {
      faults.push(`it rejects with ${nameOf(error)} of item ${index}, and should not`);
    }
    for (const [at, value] of failure?.completed ?? []) if (at !== index) check(at, { value });
  }
  runs.forEach((count, index) => {
    const { deed } = { deed: job.deeds[index] };
    if (count > 1 && !isDeadly) faults.push(`item ${index} ran ${count} times, and no worker died`);
    if (deed === 'dies' && count > schedule.crashRetries + 1) {
      faults.push(`item ${index} killed ${count} workers`);
    }
    if (count === 0 && completed.has(index) && deed !== 'unsendable') {
      faults.push(`item ${index} has an outcome and never ran`);
    }
  });
  return faults;
}

function nameOf(error: unknown): string {
  return (error as { readonly name?: string } | null)?.name ?? String(error);
}
