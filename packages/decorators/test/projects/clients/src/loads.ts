import { pgPool } from './postgres/client.js';
import { startPostgres } from './postgres/server.js';
import { ioredis, nodeRedis } from './redis/client.js';
import { startRedis } from './redis/server.js';
import { type LoadOutcome, underLoad } from './run/under-load.js';

/** A real Redis and a real PostgreSQL that are killed under load. */
export async function runLoads(): Promise<readonly LoadOutcome[]> {
  const outcomes: LoadOutcome[] = [];
  for (const client of [ioredis, nodeRedis]) {
    const server = await startRedis();
    const connection = client.connect(server.port, { reconnects: true });
    outcomes.push(await underLoad(client.name, server, () => connection.send('INCR', 'calls')));
    connection.close();
    await server.kill();
  }
  const server = await startPostgres();
  const connection = pgPool.connect(server.port);
  outcomes.push(await underLoad(pgPool.name, server, () => connection.query('select 1')));
  connection.close();
  await server.kill();
  return outcomes;
}
