import { circuitJobs } from './circuit-jobs.cjs';
import { serve } from './serve.cjs';

// Loads core when it is first asked for something, long after it was born.
let jobs;
async function doJob(job, ...args) {
  jobs ??= circuitJobs(await import('@switchgear/core'));
  return jobs[job](...args);
}

serve({
  isAwake: () => true,
  declare: (...args) => doJob('declare', ...args),
  fail: (...args) => doJob('fail', ...args),
  state: (...args) => doJob('state', ...args),
});
