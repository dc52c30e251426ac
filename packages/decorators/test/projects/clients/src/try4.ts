import { run } from './run/run.js';
import { isSame, sentenceOf } from './run/outcome.js';
import { mysql2 } from './mysql/client.js'; import { mysqlFaults } from './mysql/faults.js';
import { nats } from './nats/client.js'; import { natsFaults } from './nats/faults.js';
import { amqplib } from './amqp/client.js'; import { amqpFaults } from './amqp/faults.js';
import { kafkajs } from './kafka/client.js'; import { kafkaFaults } from './kafka/faults.js';
import { mongodb } from './mongodb/client.js'; import { mongodbFaults } from './mongodb/faults.js';
process.on('unhandledRejection', (e) => console.log('STRAY', e));
process.on('uncaughtException', (e) => console.log('STRAYX', e));
const onlyF = process.argv[3] ? new RegExp(process.argv[3]) : /./;
for (const [name, clients, faults] of [['mysql', [mysql2], mysqlFaults], ['nats', [nats], natsFaults], ['amqp', [amqplib], amqpFaults], ['kafka', [kafkajs], kafkaFaults], ['mongodb', [mongodb], mongodbFaults]] as any[]) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const t = Date.now();
  const fs = faults.filter((f: any) => onlyF.test(f.name));
  const cells = await run<any>(clients, fs);
  console.log('==', name, Date.now() - t, 'ms', cells.length);
  for (const f of fs) for (const c of cells.filter((c) => c.fault === f.name)) if (c.outcome && !isSame(c.outcome, f.expected)) console.log(`${c.client} | ${f.name} | ${sentenceOf(c.outcome)}   [${sentenceOf(f.expected)}]`);
}
process.exit(0);
