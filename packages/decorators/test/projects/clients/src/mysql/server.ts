import type { Connection } from '../tcp/server.js';

/** An error of MySQL: its number, SQLSTATE and text. */
export interface MysqlError {
  readonly number: number;
  readonly state: string;
  readonly text: string;
}

/** What the server does: at once when a client connects, or when it asks. */
export type Play =
  { readonly greeting: MysqlError } | { readonly query: MysqlError | 'hang' | 'reset' | 'ok' };

const packet = (sequence: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
};

/** Protocol version 10, and a user who needs no password. Source: MySQL, Client/Server Protocol. */
const HANDSHAKE = packet(
  0,
  Buffer.concat([
    Buffer.from([10]),
    Buffer.from('8.0.0\0'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.alloc(8, 'a'),
    Buffer.from([0, 0xff, 0xf7, 33, 2, 0, 0x08, 0x00, 21]),
    Buffer.alloc(10),
    Buffer.from(`${'b'.repeat(12)}\0mysql_native_password\0`),
  ]),
);

const ok = (sequence: number) => packet(sequence, Buffer.from([0, 0, 0, 2, 0, 0, 0]));

function errorPacket(sequence: number, { number, state, text }: MysqlError, hasState = true): Buffer {
  const code = Buffer.from([0xff, number & 0xff, number >> 8]);
  return packet(sequence, Buffer.concat([code, Buffer.from(hasState ? `#${state}${text}` : text)]));
}

export function speakMysql(play: Play): (connection: Connection) => void {
  return (connection) => {
    // Before the handshake no SQLSTATE is sent.
    if ('greeting' in play) return void connection.end(errorPacket(0, play.greeting, false));
    connection.write(HANDSHAKE);
    let count = 0;
    connection.on('data', () => {
      if (++count === 1) connection.write(ok(2));
      else if (play.query === 'reset') connection.resetAndDestroy();
      else if (play.query === 'ok') connection.write(ok(1));
      else if (play.query !== 'hang') connection.write(errorPacket(1, play.query));
    });
  };
}
