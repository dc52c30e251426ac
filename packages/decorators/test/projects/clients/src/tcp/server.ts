import net, { type AddressInfo } from 'node:net';

export type Connection = net.Socket;

export interface TcpServer {
  readonly port: number;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

/** A server below any protocol; `count` is 1 for the first connection. */
export async function accept(behave: (connection: Connection, count: number) => void): Promise<TcpServer> {
  const open = new Set<Connection>();
  let count = 0;
  const server = net.createServer((connection) => {
    open.add(connection);
    connection.on('error', () => undefined).on('close', () => open.delete(connection));
    behave(connection, ++count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of open) connection.destroy();
      }),
  };
}
