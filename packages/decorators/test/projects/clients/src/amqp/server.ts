import type { Connection } from '../tcp/server.js';

/** What the server does at each step; by default it lets the client in and has the queue. */
export interface Play {
  /** Closes the connection in place of tuning it. */
  readonly open?: AmqpError;
  /** Closes the channel, or the connection, in place of finding the queue. */
  readonly queue?: (AmqpError & { readonly closes: 'channel' | 'connection' }) | 'reset';
}

export interface AmqpError {
  readonly code: number;
  readonly text: string;
}

const short = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const long = (value: number) => Buffer.concat([short(value >>> 16), short(value & 0xffff)]);
const shortText = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
const longText = (text: string) => Buffer.concat([long(text.length), Buffer.from(text)]);

/** A frame with one method. Source: AMQP 0-9-1, 2.3.5. */
function method(channel: number, family: number, id: number, ...args: readonly Buffer[]): Buffer {
  const payload = Buffer.concat([short(family), short(id), ...args]);
  return Buffer.concat([
    Buffer.from([1]),
    short(channel),
    long(payload.length),
    payload,
    Buffer.from([0xce]),
  ]);
}

const close = (channel: number, family: number, id: number, { code, text }: AmqpError) =>
  method(channel, family, id, short(code), shortText(text), short(0), short(0));

/** RabbitMQ, as far as a client that looks for a queue sees it. */
export function speakAmqp({ open, queue }: Play): (connection: Connection) => void {
  return (connection) => {
    const say = (bytes: Buffer) => void connection.write(bytes);
    const answers: Record<string, () => void> = {
      // start-ok, tune-ok and open of the connection
      '10.11': () =>
        say(
          open === undefined ? method(0, 10, 30, short(0), long(131_072), short(0)) : close(0, 10, 50, open),
        ),
      '10.40': () => say(method(0, 10, 41, shortText(''))),
      '10.50': () => say(method(0, 10, 51)),
      '20.10': () => say(method(1, 20, 11, longText(''))),
      '20.40': () => say(method(1, 20, 41)),
      // declare of a queue, passively
      '50.10': () => {
        if (queue === 'reset') connection.resetAndDestroy();
        else if (queue === undefined) say(method(1, 50, 11, shortText('queue'), long(0), long(0)));
        else if (queue.closes === 'channel') say(close(1, 20, 40, queue));
        else say(close(0, 10, 50, queue));
      },
    };
    let rest = Buffer.alloc(0);
    connection.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      if (rest.subarray(0, 4).toString() === 'AMQP') {
        rest = rest.subarray(8);
        say(method(0, 10, 10, Buffer.from([0, 9]), long(0), longText('PLAIN'), longText('en_US')));
      }
      while (rest.length >= 8) {
        const length = rest.readUInt32BE(3);
        if (rest.length < length + 8) break;
        if (rest[0] === 1) answers[`${rest.readUInt16BE(7)}.${rest.readUInt16BE(9)}`]?.();
        rest = rest.subarray(length + 8);
      }
    });
  };
}
