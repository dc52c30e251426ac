import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpModule, HttpService } from '@nestjs/axios';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { circuits } from '@switchgear/core';
import { CircuitBreaker } from '@switchgear/decorators';
import { catchError, firstValueFrom, lastValueFrom, map, type Observable, of, retry } from 'rxjs';

/** The server of another company. It answers what `next` says, and counts. */
class Billing {
  status = 200;
  requests = 0;
  readonly #server: Server = createServer((request, response) => {
    this.requests++;
    if (this.status === 0) {
      request.socket.destroy();
      return;
    }
    response.writeHead(this.status, { 'content-type': 'text/plain' });
    if (request.url !== '/hang') response.end(`${this.requests}`);
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

@Injectable()
class Client {
  url = '';

  constructor(private readonly http: HttpService) {}

  @CircuitBreaker({ key: 'billing', failureThreshold: 3, successThreshold: 1, resetTimeout: '1s' })
  invoices(): Observable<string> {
    return this.http.get<string>(`${this.url}/invoices`).pipe(map(({ data }) => `invoice ${data}`));
  }

  @CircuitBreaker('billing')
  customers(): Observable<string> {
    return this.http.get<string>(`${this.url}/customers`).pipe(map(({ data }) => `customer ${data}`));
  }

  @CircuitBreaker({ key: 'hanging', failureThreshold: 1 })
  hang(): Observable<unknown> {
    return this.http.get(`${this.url}/hang`);
  }
}

@Module({ imports: [HttpModule.register({ proxy: false })], providers: [Client] })
class App {}

const errorOf = (error: unknown): string => {
  const { code, status } = error as { code?: string; status?: number };
  return `${status ?? ''} ${code ?? String(error)}`.trim();
};
const ask = async (source: Observable<string>): Promise<string> =>
  firstValueFrom(source.pipe(catchError((error: unknown) => of(`error ${errorOf(error)}`))));

function circuit(key = 'billing'): string {
  const found = circuits.snapshot().find((one) => one.key === key);
  if (found === undefined) return 'no circuit';
  const { succeeded, failed, ignored, refused } = found.totals;
  return `${found.state}: ${succeeded} succeeded, ${failed} failed, ${ignored} ignored, ${refused} refused`;
}

async function main(): Promise<void> {
  const billing = new Billing();
  const app = await NestFactory.createApplicationContext(App, { logger: false });
  const client = app.get(Client);
  client.url = await billing.open();

  console.log('firstValueFrom and lastValueFrom');
  console.log(' ', await firstValueFrom(client.invoices()), '|', await lastValueFrom(client.invoices()));
  console.log(' ', circuit());

  console.log('nothing is asked before somebody subscribes');
  const later = client.invoices();
  console.log(' ', billing.requests, 'requests,', await ask(later));

  console.log('an answer of the server');
  billing.status = 404;
  console.log(' ', await ask(client.invoices()));
  console.log(' ', circuit());

  console.log('an outage');
  billing.status = 503;
  console.log(' ', await ask(client.invoices()));
  billing.status = 0;
  for (let i = 0; i < 2; i++) console.log(' ', await ask(client.invoices()));
  console.log(' ', circuit());

  console.log('an open circuit');
  const { requests } = billing;
  console.log(' ', await ask(client.invoices()));
  console.log('  first call of another method:', await ask(client.customers()));
  console.log(' ', billing.requests - requests, 'requests');

  console.log('the server is back, and the subscriber tries again');
  billing.status = 200;
  console.log(' ', await firstValueFrom(client.customers().pipe(retry({ count: 100, delay: 50 }))));
  console.log(' ', circuit('billing').split(':')[0]);

  console.log('a subscriber who leaves');
  const subscription = client.hang().subscribe();
  await new Promise((resolve) => setTimeout(resolve, 50));
  subscription.unsubscribe();
  console.log(' ', circuit('hanging'));

  await app.close();
  billing.close();
}

void main();
