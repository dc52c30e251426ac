// A program that makes a call with a timeout or a deadline. It prints what it heard, and ends when nothing keeps it alive.
import { withDeadline, withTimeout } from '@switchgear/core';

const [, , policy, what] = process.argv;
const guard = policy === 'timeout' ? withTimeout : withDeadline;
const start = performance.now();
const hear = (promise) =>
  promise.then(
    (value) => console.log(value, Math.round(performance.now() - start)),
    (error) => console.log(error.code, Math.round(performance.now() - start)),
  );

switch (what) {
  case 'hangs':
    await hear(guard('200ms')(() => new Promise(() => {}))());
    break;
  case 'answers':
    await hear(guard('1h')(async () => 'ok')());
    break;
  case 'answers-at-the-turn': {
    // The answer comes while the event loop is blocked, and its timeout has passed when the loop turns.
    const { createServer, connect } = await import('node:net');
    const server = createServer((socket) => socket.end('ok')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const ask = guard('300ms')(
      () =>
        new Promise((resolve) =>
          connect(server.address().port, '127.0.0.1').on('data', (data) => resolve(String(data))),
        ),
    );
    const answer = hear(ask());
    // The server is in this process, so give it a turn to answer before the loop is blocked.
    await new Promise((resolve) => server.once('connection', resolve));
    const until = performance.now() + 600;
    while (performance.now() < until);
    await answer;
    server.close();
    break;
  }
  case 'many': {
    const late = [];
    const timed = guard('500ms')(() => new Promise(() => {}));
    const calls = Array.from({ length: 1_000 }, () => {
      const begun = performance.now();
      return timed().catch(() => late.push(performance.now() - begun));
    });
    await Promise.all(calls);
    console.log(Math.min(...late) >= 500 ? 'none early' : `early: ${Math.min(...late)}`);
    break;
  }
}
