// Does what its argument says, and nothing to end itself.
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ParallelExecutor } from '@switchgear/executor';
import { Doomed } from './doomed-worker.mjs';
import { Service } from './service-worker.mjs';

const print = (told) => process.stdout.write(`${JSON.stringify(told)}\n`);
const executor = new ParallelExecutor({ workers: 2 });
const workers = { placement: 'workers' };
const heavy = Array.from({ length: 40 }, (_, n) => ({ n, times: 0 }));

const deeds = {
  idle: async () => print(await executor.map(Service, 'double', [1, 2], workers)),
  unread: async () => {
    const { value } = await executor.stream(Service, 'double', [1, 2], workers).next();
    print(value);
  },
  emptySet: async () => print(await executor.map(Service, 'double', new Set(), workers)),
  shortSet: async () => print(await executor.map(Service, 'double', new Set([1]), workers)),
  notCloneable: async () => {
    const [{ error }] = await executor.mapSettled(Service, 'echo', [() => 1], workers);
    print(error.code);
  },
  closed: async () => {
    await executor.map(Service, 'double', [1], workers);
    await executor.close();
    print('closed');
  },
  trivial: async () => {
    const plan = await executor.plan(
      Service,
      'double',
      Array.from({ length: 500 }, (_, n) => n),
    );
    print([plan.placement, plan.workers, plan.sampled > 0, plan.explain()]);
  },
  heavy: async () => {
    const plan = await executor.plan(Doomed, 'busy', heavy);
    print([plan.placement, plan.workers, plan.sampled, plan.explain()]);
  },
  heavyMap: async () => {
    const map = executor.map(Doomed, 'busy', heavy);
    const threads = new Set(await map);
    print([map.plan.placement, map.plan.sampled < 5, threads.size > 1, threads.has(0)]);
  },
  trivialMap: async () => {
    const map = executor.map(
      Service,
      'thread',
      Array.from({ length: 100_000 }, (_, n) => n),
    );
    print([[...new Set(await map)], map.plan.placement]);
  },
  million: async () => {
    const items = Array.from({ length: 1_000_000 }, (_, n) => n);
    const results = await executor.map(Service, 'double', items, workers);
    print([results.length, results.every((result, n) => result === n * 2)]);
  },
  slowReader: async () => {
    const stream = executor.stream(
      Service,
      'double',
      Array.from({ length: 1_000 }, (_, n) => n),
    );
    await stream.next();
    const before = process.cpuUsage();
    await sleep(500);
    const { user, system } = process.cpuUsage(before);
    await stream.return();
    print((user + system) / 1_000 < 250);
  },
  progress: async () => {
    const heard = [];
    process.once('warning', ({ message }) => print(message));
    const onProgress = (progress) => {
      heard.push(progress);
      throw new Error('no listener');
    };
    await executor.map(Service, 'double', [1], { onProgress });
  },
};
await deeds[process.argv[2]]();
