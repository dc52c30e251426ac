import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does with a request; `count` is 1 for the first one. */
export type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse, count: number) => void;

export interface HttpServer {
  readonly url: string;
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

export async function serve(behave: Behaviour): Promise<HttpServer> {
  let count = 0;
  const server = http.createServer((request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    behave(request, response, ++count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** An answer that every client of JSON understands: it has the fields that SDKs look for. */
const JSON_BODY = JSON.stringify({
  data: { a: 1 },
  object: 'chat.completion',
  choices: [],
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [],
  kind: 'storage#object',
  name: 'k',
});
const XML_BODY =
  '<?xml version="1.0"?><ListBucketResult><Name>b</Name><KeyCount>0</KeyCount></ListBucketResult>';

const JSON_ERROR = JSON.stringify({ error: { message: 'no', type: 'error', code: 'c' }, message: 'no' });
const XML_ERROR = '<?xml version="1.0"?><Error><Code>Whatever</Code><Message>no</Message></Error>';

/** What a server of the client's API sends: AWS speaks XML, all others JSON. */
export function bodyFor(request: http.IncomingMessage, status = 200): { type: string; body: string } {
  if (request.headers['amz-sdk-invocation-id'] !== undefined)
    return { type: 'application/xml', body: status < 300 ? XML_BODY : XML_ERROR };
  return { type: 'application/json', body: status < 300 ? JSON_BODY : JSON_ERROR };
}

/** Answers with a status, as a server does that has read the whole request. */
export function answerWith(status: number, headers: http.OutgoingHttpHeaders = {}): Behaviour {
  return (request, response) => {
    request.resume();
    request.on('end', () => {
      const { type, body } = bodyFor(request, status);
      const isEmpty = status === 304;
      response.writeHead(status, { ...(isEmpty ? {} : { 'content-type': type }), ...headers });
      response.end(isEmpty ? undefined : body);
    });
  };
}

/** A port of loopback on which no one listens. */
export async function freePort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
