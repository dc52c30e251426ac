import type { Connection } from '../tcp/server.js';

/** Replies by command; `GREETING` before any, `BODY` after the message. */
export type Script = Readonly<Record<string, string>>;

const GOOD: Script = { GREETING: '220 hello', DATA: '354 go on', BODY: '250 queued', QUIT: '221 bye' };

/** A server of SMTP that goes by a script, and answers 250 to what the script does not name. */
export function speakSmtp(script: Script): (connection: Connection) => void {
  return (connection) => {
    const reply = (command: string) =>
      connection.write(`${script[command] ?? GOOD[command] ?? '250 ok'}\r\n`);
    let isBody = false;
    reply('GREETING');
    connection.on('data', (bytes) => {
      for (const line of String(bytes).split('\r\n')) {
        if (isBody && line !== '.') continue;
        if (line === '') continue;
        const command = isBody ? 'BODY' : line.slice(0, 4).toUpperCase();
        isBody = command === 'DATA' && script['DATA'] === undefined;
        reply(command);
      }
    });
  };
}
