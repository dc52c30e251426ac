import { freePort } from '../http/server.js';
import type { Fault } from '../run/fault.js';
import { answered, contended, ignored, type Outcome, recovered, retried } from '../run/outcome.js';
import { accept, type Connection } from '../tcp/server.js';
import type { SmtpClient } from './client.js';
import { type Script, speakSmtp } from './server.js';

type Behaviour = (connection: Connection, count: number) => void;
type How = Parameters<SmtpClient['send']>[1];

function served(name: string, expected: Outcome, behave: Behaviour, how?: How): Fault<SmtpClient> {
  return {
    name,
    expected,
    begin: async (client) => {
      const { port, close } = await accept(behave);
      return { ask: () => client.send(port, how), close };
    },
  };
}

/** Where a reply comes, and what it says. */
function reply(where: string, text: string, expected: Outcome): Fault<SmtpClient> {
  const needsAuth: Script = { EHLO: '250-hello\r\n250 AUTH PLAIN' };
  const isAuth = where === 'AUTH';
  const script = { ...(isAuth && needsAuth), [where]: text, ...(where === 'EHLO' && { HELO: text }) };
  const place = where === 'GREETING' ? 'greeting' : where === 'BODY' ? 'end of the message' : where;
  return served(`${text} (${place})`, expected, speakSmtp(script), isAuth ? { auth: true } : {});
}

export const smtpFaults: readonly Fault<SmtpClient>[] = [
  served('takes the message', answered('a result'), speakSmtp({})),
  reply('GREETING', '421 too busy', retried('outage')),
  reply('EHLO', '421 going down', retried('outage')),
  reply('RCPT', '450 greylisted', contended('answer')),
  reply('MAIL', '451 local error', retried('outage')),
  reply('BODY', '451 try later', retried('outage')),
  reply('BODY', '452 no storage', retried('overload')),
  reply('AUTH', '454 cannot check now', retried('outage')),
  reply('AUTH', '535 wrong password', ignored('denied')),
  reply('MAIL', '530 authenticate first', ignored('denied')),
  reply('RCPT', '550 no such user', answered('answer')),
  reply('BODY', '552 too large', answered('answer')),
  reply('MAIL', '553 not a mailbox', answered('answer')),
  reply('BODY', '554 is spam', answered('answer')),
  reply('GREETING', '554 no service here', answered('answer')),
  {
    name: 'refuses the connection',
    expected: retried('outage'),
    begin: async (client) => {
      const port = await freePort();
      return { ask: () => client.send(port) };
    },
  },
  served('resets before the greeting', retried('outage'), (connection) => connection.resetAndDestroy()),
  served('closes before the greeting', retried('outage'), (connection) => void connection.end()),
  served('resets after the command DATA', retried('outage'), (connection) => {
    speakSmtp({})(connection);
    connection.on('data', (bytes) => {
      if (String(bytes).startsWith('DATA')) connection.resetAndDestroy();
    });
  }),
  served(
    'sends what is not SMTP',
    retried('outage'),
    (connection) => void connection.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  ),
  served('hangs before the greeting, the client’s own timeout', retried('timeout'), () => undefined, {
    timeout: 150,
  }),
  served('451 twice, then 250', recovered(), (connection, count) =>
    speakSmtp(count < 3 ? { MAIL: '451 local error' } : {})(connection),
  ),
];
