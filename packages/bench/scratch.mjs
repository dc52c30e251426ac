import { ParallelExecutor } from '@switchgear/executor';
import { Piscina } from 'piscina';
import { Work } from './dist/groups/executor-work.js';
import { thread } from './dist/groups/executor-thread.js';
const N = Number(process.argv[2] ?? 40000);
const e = new ParallelExecutor({ workers: 2 });
const p = new Piscina({ filename: thread, minThreads: 2, maxThreads: 2, maxQueue: Infinity });
const f = (go) => async () => { gc(); const h = process.memoryUsage().heapUsed; const s = performance.now(), c = process.cpuUsage(); const all = Promise.all(Array.from({ length: N }, (_, i) => go(i))); const b = performance.now() - s; gc(); const m = process.memoryUsage().heapUsed - h; await all; const ms = performance.now() - s; const d = process.cpuUsage(c); return [ms, (d.user + d.system) / 1000, b, m / N]; };
const ours = f((i) => e.run(Work, 'trivial', [i], { placement: 'workers' }));
const theirs = f((i) => p.run({ method: 'trivial', items: [i] }));
await ours(); await theirs();
for (let i = 0; i < 3; i++) { const a = await ours(), b = await theirs(); console.log(a.map(Math.round).join(' '), '|', b.map(Math.round).join(' '), '|', (a[0] / b[0]).toFixed(2), (a[1] / b[1]).toFixed(2)); }
await e.close(); await p.destroy();
