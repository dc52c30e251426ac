import { type Behaviour, bodyFor } from '../server.js';

export const reset: Behaviour = ({ socket }) => void socket.resetAndDestroy();

export const hang: Behaviour = () => undefined;

/** The first half of the body, and nothing more. */
export const hangInTheBody: Behaviour = (request, response) => {
  const { type, body } = bodyFor(request);
  response.writeHead(200, { 'content-type': type, 'content-length': body.length });
  response.write(body.slice(0, body.length / 2));
};

/** The first half of a body whose length is announced, or that comes in chunks; then the connection ends. */
export function breakOff(end: 'reset' | 'closed', isChunked: boolean): Behaviour {
  return (request, response) => {
    const { type, body } = bodyFor(request);
    const length = isChunked ? {} : { 'content-length': body.length };
    response.writeHead(200, { 'content-type': type, ...length });
    response.write(body.slice(0, body.length / 2));
    // Late enough that the client has read what came: a reset throws away what it has not.
    setTimeout(
      () => void (end === 'reset' ? request.socket.resetAndDestroy() : request.socket.destroy()),
      200,
    );
  };
}

/** A whole answer whose body is not what it should be. */
export const withBody =
  (make: (body: string) => string): Behaviour =>
  (request, response) => {
    const { type, body } = bodyFor(request);
    response.writeHead(200, { 'content-type': type });
    response.end(make(body));
  };

export const html = withBody(() => '<html><h1>Bad gateway</h1></html>');
