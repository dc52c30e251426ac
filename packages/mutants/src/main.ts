import { parseArgs } from 'node:util';
import { allMeasured, measuredOf, remember } from './measured.js';
import { publish, reportOf, writeReport } from './report.js';
import { mutantsOf } from './run.js';
import { allShards, shardsNamed, type Shard } from './shards.js';

/**
 * `npm run mutants` tries all mutants, `npm run mutants -- machine word` those of the folders and files with these names.
 * `--publish` only writes docs/mutants.md, of what was measured last; `--shards` prints the names of the shards.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    publish: { type: 'boolean', default: false },
    shards: { type: 'boolean', default: false },
    concurrency: { type: 'string', default: '1' },
  },
});

if (values.publish) await publish(allMeasured());
else if (values.shards)
  console.log(
    allShards()
      .map(({ name }) => name)
      .join('\n'),
  );
else await measure();

async function measure(): Promise<void> {
  for (const shard of chosen()) {
    const begun = Date.now();
    console.log(`mutants of ${shard.name} …`);
    try {
      const measured = measuredOf(shard.files, await mutantsOf(shard, Number(values.concurrency)));
      remember(measured);
      await writeReport(allMeasured());
      console.log(`${reportOf(measured)}\n\n${shard.name} took ${Math.round((Date.now() - begun) / 1000)} s`);
    } catch (error) {
      // The other shards can be measured all the same.
      console.error(`${shard.name} was not measured:`, error);
      process.exitCode = 1;
    }
  }
}

function chosen(): readonly Shard[] {
  if (positionals.length === 0) return allShards();
  try {
    return shardsNamed(positionals);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}
