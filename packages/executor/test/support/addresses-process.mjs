// Has every class run in a worker, and prints what came of it.
import process from 'node:process';
import { ParallelExecutor } from '@switchgear/executor';
import { classes as common } from './common-worker.cjs';
import { classes, makeLater } from './hidden-worker.mjs';
import { Tenant as TenantA } from './tenant-worker.mjs?tenant=a';
import { Tenant as TenantB } from './tenant-worker.mjs?tenant=b';

const came = {};
for (const [name, owner] of Object.entries({ ...classes, ...common, TenantA, TenantB, Late: makeLater() })) {
  // Workers of its own: others might know the class already.
  const executor = new ParallelExecutor({ workers: 1, placement: 'workers' });
  try {
    [came[name]] = await executor.map(owner, 'who', [1]);
  } catch ({ name: error, code, message }) {
    came[name] = { error, code, message };
  }
}
try {
  await new ParallelExecutor().map(classes.ByMethod, 'unmarked', [1]);
} catch ({ name: error, code, message }) {
  came.unmarkedMethod = { error, code, message };
}
// One worker: it is gone with the module that was not there.
const shared = new ParallelExecutor({ workers: 1, placement: 'workers' });
await shared.map(classes.Gone, 'who', [1]).catch(() => undefined);
[came.afterGone] = await shared.map(classes.Hidden, 'who', [1]).catch(({ message }) => [message]);
process.stdout.write(JSON.stringify(came));
