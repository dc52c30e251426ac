import { run } from './run/run.js';
import { isSame, sentenceOf } from './run/outcome.js';
import { ioredis, nodeRedis } from './redis/client.js'; import { redisFaults } from './redis/faults.js'; import { pgClient, pgPool } from './postgres/client.js'; import { postgresFaults } from './postgres/faults.js';

process.on('uncaughtException', (e) => { console.log('STRAY', e); process.exit(1); });
const onlyF = process.argv[3] ? new RegExp(process.argv[3]) : /./;
for (const [name, clients, faults] of [['redis', [ioredis, nodeRedis], redisFaults], ['pg', [pgClient, pgPool], postgresFaults]] as any[]) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const t = Date.now();
  const fs = faults.filter((f: any) => onlyF.test(f.name));
  const cells = await run<any>(clients, fs);
  console.log('==', name, Date.now() - t, 'ms', cells.length);
  for (const f of fs) for (const c of cells.filter((c) => c.fault === f.name)) if (c.outcome && !isSame(c.outcome, f.expected)) console.log(`${c.client} | ${f.name} | ${sentenceOf(c.outcome)}   [${sentenceOf(f.expected)}]`);
}
process.exit(0);
