import library from 'nodemailer';
import type { Named } from '../run/fault.js';

export interface SmtpClient extends Named {
  /** Sends a message; each over a connection of its own. */
  readonly send: (port: number, how?: { auth?: true; timeout?: number }) => Promise<unknown>;
}

export const nodemailer: SmtpClient = {
  name: 'nodemailer',
  send: (port, { auth, timeout } = {}) =>
    library
      .createTransport({
        host: '127.0.0.1',
        port,
        ignoreTLS: true,
        ...(auth && { auth: { user: 'a', pass: 'b' } }),
        ...(timeout && { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }),
      })
      .sendMail({ from: 'a@example.org', to: 'b@example.org', text: 'hello' }),
};
