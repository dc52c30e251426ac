import { amqplib } from './amqp/client.js';
import { amqpFaults } from './amqp/faults.js';
import { grpcJs } from './grpc/client.js';
import { grpcFaults } from './grpc/faults.js';
import { httpClients } from './http/clients/index.js';
import { abortFaults } from './http/faults/aborts.js';
import { comeAgainFaults } from './http/faults/come-again.js';
import { networkFaults } from './http/faults/network.js';
import { serviceClients, serviceFaults } from './http/faults/services.js';
import { statusFaults } from './http/faults/statuses.js';
import { uploadFaults } from './http/faults/uploads.js';
import { faultsWithLines } from './http/faults/with-lines.js';
import { kafkajs } from './kafka/client.js';
import { kafkaFaults } from './kafka/faults.js';
import { mongodb } from './mongodb/client.js';
import { mongodbFaults } from './mongodb/faults.js';
import { mysql2 } from './mysql/client.js';
import { mysqlFaults } from './mysql/faults.js';
import { nats } from './nats/client.js';
import { natsFaults } from './nats/faults.js';
import { pgClient, pgPool } from './postgres/client.js';
import { postgresFaults } from './postgres/faults.js';
import { ioredis, nodeRedis } from './redis/client.js';
import { redisFaults } from './redis/faults.js';
import type { Fault, Named } from './run/fault.js';
import { type Cell, run } from './run/run.js';
import { nodemailer } from './smtp/client.js';
import { smtpFaults } from './smtp/faults.js';

/** One table of the page. */
export interface Suite {
  readonly title: string;
  readonly clients: readonly string[];
  readonly run: () => Promise<readonly Cell[]>;
}

function suite<Client extends Named>(
  title: string,
  clients: readonly Client[],
  faults: readonly Fault<Client>[],
): Suite {
  return { title, clients: clients.map(({ name }) => name), run: () => run(clients, faults) };
}

export const suites: readonly Suite[] = [
  suite('HTTP: connections and bodies', httpClients, networkFaults),
  suite('HTTP: statuses', httpClients, statusFaults),
  suite('HTTP: come again', httpClients, comeAgainFaults),
  suite('HTTP: what services say', serviceClients, serviceFaults),
  suite('HTTP: aborts', httpClients, abortFaults),
  suite('HTTP: streams sent', httpClients, uploadFaults),
  suite('HTTP: with the lines of this page', httpClients, faultsWithLines),
  suite('gRPC', [grpcJs], grpcFaults),
  suite('SMTP', [nodemailer], smtpFaults),
  suite('Redis', [ioredis, nodeRedis], redisFaults),
  suite('PostgreSQL', [pgClient, pgPool], postgresFaults),
  suite('MySQL', [mysql2], mysqlFaults),
  suite('MongoDB', [mongodb], mongodbFaults),
  suite('NATS', [nats], natsFaults),
  suite('AMQP', [amqplib], amqpFaults),
  suite('Kafka', [kafkajs], kafkaFaults),
];
