import { run } from './run/run.js';
import { isSame, sentenceOf } from './run/outcome.js';
import { grpcJs } from './grpc/client.js'; import { grpcFaults } from './grpc/faults.js';
import { nodemailer } from './smtp/client.js'; import { smtpFaults } from './smtp/faults.js';
process.on('unhandledRejection', (e) => console.log('STRAY', e));
process.on('uncaughtException', (e) => console.log('STRAY', e));
const onlyF = process.argv[3] ? new RegExp(process.argv[3]) : /./;
for (const [name, clients, faults] of [['grpc', [grpcJs], grpcFaults], ['smtp', [nodemailer], smtpFaults]] as any[]) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const t = Date.now();
  const fs = faults.filter((f: any) => onlyF.test(f.name));
  const cells = await run<any>(clients, fs);
  console.log('==', name, Date.now() - t, 'ms', cells.length);
  for (const f of fs) for (const c of cells.filter((c) => c.fault === f.name)) if (c.outcome && !isSame(c.outcome, f.expected)) console.log(`${c.client} | ${f.name} | ${sentenceOf(c.outcome)}   [${sentenceOf(f.expected)}]`);
}
process.exit(0);
