import { run } from './run/run.js';
import { isSame, sentenceOf } from './run/outcome.js';
import { httpClients } from './http/clients/index.js';
import { networkFaults } from './http/faults/network.js';
import { statusFaults } from './http/faults/statuses.js';
import { comeAgainFaults } from './http/faults/come-again.js';
import { abortFaults } from './http/faults/aborts.js';
import { uploadFaults } from './http/faults/uploads.js';
process.on('unhandledRejection', (e) => console.log('STRAY', e));
process.on('uncaughtException', (e) => console.log('STRAY', e));
const only = process.argv[2] ? new RegExp(process.argv[2]) : /./, onlyF = process.argv[3] ? new RegExp(process.argv[3]) : /./;
const groups = { networkFaults, statusFaults, comeAgainFaults, abortFaults, uploadFaults };
for (const [name, faults] of Object.entries(groups)) {
  const t = Date.now();
  const fs = faults.filter((f) => onlyF.test(f.name));
  const cells = await run(httpClients.filter((c) => only.test(c.name)), fs);
  console.log('==', name, Date.now() - t, 'ms');
  for (const f of fs) for (const c of cells.filter((c) => c.fault === f.name)) if (c.outcome && !isSame(c.outcome, f.expected)) console.log(`${c.client} | ${f.name} | ${sentenceOf(c.outcome)}   [${sentenceOf(f.expected)}]`);
}
process.exit(0);
