import { execFile, execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../http/server.js';
import { binary } from '../run/binary.js';
import { Child } from '../run/child.js';
import { scratch } from '../run/scratch.js';

const execute = promisify(execFile);
const DEBIAN = 'postgresql';

/** PostgreSQL refuses to run as root. */
const user = process.getuid?.() === 0 ? idsOfNobody() : undefined;

let template: Promise<string> | undefined;

/** A PostgreSQL of its own: initdb runs once, and every server has a copy of what it made. */
export async function startPostgres(...options: readonly string[]): Promise<Child> {
  const made = await (template ??= makeTemplate());
  const port = await freePort();
  const folder = join(scratch, `postgres-${port}`);
  await execute('cp', ['-a', made, folder]);
  const args = ['-D', join(folder, 'data'), '-p', String(port), '-k', folder, '-h', '127.0.0.1', ...options];
  const server = await new Child(port, binary('postgres', DEBIAN), args, user).start();
  // It listens before it is ready.
  const isReady = () => execute(binary('pg_isready', DEBIAN), ['-h', '127.0.0.1', '-p', String(port)]);
  for (let tries = 0; tries < 400; tries++) {
    if (await isReady().catch(() => undefined)) return server;
    await sleep(25);
  }
  throw new Error('PostgreSQL does not get ready');
}

async function makeTemplate(): Promise<string> {
  const folder = join(scratch, 'postgres');
  await mkdir(folder);
  if (user !== undefined) for (const own of [scratch, folder]) chownSync(own, user.uid, user.gid);
  const args = ['-D', join(folder, 'data'), '-A', 'trust', '-U', 'postgres', '--no-sync'];
  await execute(binary('initdb', DEBIAN), args, { ...user });
  return folder;
}

function idsOfNobody(): { uid: number; gid: number } {
  const id = (what: string) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
