// Runs in a process of its own. Its argument is the number of records after which the outage begins.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileRecord } from './file-record.js';
import { OUTAGE, type Phase } from './outage.js';

/** The messages to the parent process. */
export type ServiceMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'phase'; readonly phase: Phase; readonly at: number }
  | { readonly kind: 'report'; readonly records: readonly FileRecord[]; readonly received: Received };

/** The number of requests in each phase. There are none while the service refuses connections. */
export type Received = Readonly<Record<Phase, number>>;

const outageAfter = Number(process.argv[2]);
const records = new Map<string, FileRecord>();
const received = { up: 0, refuses: 0, hangs: 0, busy: 0, recovered: 0 };
let phase: Phase = 'up';
let port = 0;

const server = createServer((request, response) => {
  // A client that disconnects in the middle of a request is no error of the service.
  answer(request, response).catch(() => response.destroy());
});
server.on('listening', () => {
  ({ port } = server.address() as AddressInfo);
  tell({ kind: 'listening', port });
});
server.on('error', ({ code }: NodeJS.ErrnoException) => {
  // Another process may have had the port for a moment while it was closed.
  if (code === 'EADDRINUSE') setTimeout(listen, 50);
  else process.exit(1);
});
process.on('message', () => tell({ kind: 'report', records: [...records.values()], received }));
// The service ends when its parent ends. It ignores Ctrl-C, which both processes get, because the parent has messages yet.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
listen();

function listen(): void {
  server.listen(port, '127.0.0.1');
}

function tell(message: ServiceMessage): void {
  // The parent may have ended.
  if (process.connected) process.send?.(message);
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  received[phase]++;
  if (phase === 'hangs') return;
  if (phase === 'busy') {
    response.writeHead(503, { 'Retry-After': '1' }).end();
    return;
  }
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://index');
  const path = decodeURIComponent(pathname.replace('/records/', ''));
  if (request.method === 'PUT') {
    records.set(path, (await json(request)) as FileRecord);
    // The answer is sent before the outage begins.
    response.writeHead(204).end(() => {
      if (phase === 'up' && records.size >= outageAfter) void sufferOutage();
    });
  } else {
    const isKnown = records.get(path)?.sha256 === searchParams.get('sha256');
    response.writeHead(isKnown ? 204 : 404).end();
  }
}

async function sufferOutage(): Promise<void> {
  for (const next of OUTAGE) {
    if (phase === 'refuses') listen();
    phase = next.phase;
    tell({ kind: 'phase', phase, at: Date.now() });
    if (phase === 'refuses') {
      server.close();
      server.closeAllConnections();
    }
    await sleep(next.lasts);
  }
}
