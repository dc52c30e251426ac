import { BSON, type Document } from 'mongodb';
import type { Connection } from '../tcp/server.js';

const OP_REPLY = 1;
const OP_QUERY = 2_004;
const OP_MSG = 2_013;

const HELLO: Document = {
  ok: 1,
  isWritablePrimary: true,
  ismaster: true,
  helloOk: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  minWireVersion: 0,
  maxWireVersion: 21,
  localTime: new Date(0),
  connectionId: 1,
};

/** A MongoDB that says hello, and to every other command what it is told. Source: MongoDB, Wire Protocol. */
export function speakMongodb(reply: Document | 'hang' | 'reset'): (connection: Connection) => void {
  return (connection) => {
    let rest: Buffer = Buffer.alloc(0);
    connection.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= 16 && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0));
        rest = rest.subarray(message.length);
        const id = message.readInt32LE(4);
        const kind = message.readInt32LE(12);
        const command =
          kind === OP_QUERY
            ? queryOf(message)
            : BSON.deserialize(message.subarray(21), { allowObjectSmallerThanBufferSize: true } as object);
        const isHello = 'hello' in command || 'ismaster' in command || 'isMaster' in command;
        if (isHello && command['maxAwaitTimeMS'] !== undefined) continue;
        if (isHello) connection.write(kind === OP_QUERY ? opReply(id, HELLO) : opMsg(id, HELLO));
        else if ('endSessions' in command) connection.write(opMsg(id, { ok: 1 }));
        else if (reply === 'reset') connection.resetAndDestroy();
        else if (reply !== 'hang') connection.write(opMsg(id, reply));
      }
    });
  };
}

function queryOf(message: Buffer): Document {
  // Flags, a name that ends in 0, and two numbers come before the document.
  const at = message.indexOf(0, 20) + 1 + 8;
  return BSON.deserialize(message.subarray(at));
}

const head = (length: number, to: number, kind: number) => {
  const bytes = Buffer.alloc(16);
  bytes.writeInt32LE(16 + length, 0);
  bytes.writeInt32LE(1, 4);
  bytes.writeInt32LE(to, 8);
  bytes.writeInt32LE(kind, 12);
  return bytes;
};

function opMsg(to: number, document: Document): Buffer {
  const body = Buffer.concat([Buffer.alloc(5), BSON.serialize(document)]);
  return Buffer.concat([head(body.length, to, OP_MSG), body]);
}

function opReply(to: number, document: Document): Buffer {
  const fields = Buffer.alloc(20);
  fields.writeInt32LE(8, 0);
  fields.writeInt32LE(1, 16);
  const body = Buffer.concat([fields, BSON.serialize(document)]);
  return Buffer.concat([head(body.length, to, OP_REPLY), body]);
}
