import { freePort } from '../http/server.js';
import { binary } from '../run/binary.js';
import { Child } from '../run/child.js';
import { scratch } from '../run/scratch.js';

/** A Redis of its own, with nothing on disk. */
export async function startRedis(...options: readonly string[]): Promise<Child> {
  const port = await freePort();
  const all = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', scratch, ...options];
  return new Child(port, binary('redis-server', 'redis-server'), all).start();
}

/** One node of a cluster that has no other and serves no slot. */
export async function clusterOptions(): Promise<readonly string[]> {
  const port = await freePort();
  return [
    ...['--cluster-enabled', 'yes', '--cluster-config-file', `cluster-${port}.conf`],
    ...['--cluster-port', String(port)],
  ];
}
