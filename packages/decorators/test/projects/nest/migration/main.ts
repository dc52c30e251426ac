import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Module, Param, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { Refusals, Stock as StockAfter } from './after.js';
import { Stock as StockBefore } from './before.js';

interface Stock {
  count(item: string): Promise<string>;
}

let isDown = false;
let requests = 0;
const warehouse = createServer(({ url }, response) => {
  requests++;
  if (isDown) response.writeHead(500).end();
  else if (url === '/unicorns') response.writeHead(404).end();
  else response.end('7');
});

/** Boots an application with the provider, asks it before, in and after an outage, and prints what it answers. */
async function outage(name: string, Provided: Type<Stock>, ...others: Provider[]): Promise<void> {
  const url = `http://127.0.0.1:${(warehouse.address() as AddressInfo).port}`;

  @Controller('stock')
  class Shelves {
    constructor(@Inject(Provided) private readonly stock: Stock) {}

    @Get(':item')
    async count(@Param('item') item: string): Promise<string> {
      return this.stock.count(item);
    }
  }

  @Module({
    controllers: [Shelves],
    providers: [Provided, { provide: 'warehouse', useValue: url }, ...others],
  })
  class App {}

  console.log(name);
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  const ask = async (item: string): Promise<void> => {
    requests = 0;
    const response = await fetch(`${await app.getUrl()}/stock/${item}`);
    const text = await response.text();
    const answer = text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : text;
    console.log(`  ${response.status} ${answer} (requests: ${requests})`);
  };

  await ask('lamps');
  await ask('unicorns');
  isDown = true;
  for (let i = 0; i < 4; i++) await ask('lamps');
  await sleep(350);
  await ask('lamps'); // the probe
  await ask('lamps');
  isDown = false;
  await sleep(350);
  await ask('lamps'); // the probe
  await ask('lamps');
  await app.close();
}

async function main(): Promise<void> {
  warehouse.listen(0, '127.0.0.1');
  await once(warehouse, 'listening');
  await outage('opossum', StockBefore);
  await outage('Switchgear', StockAfter, { provide: APP_FILTER, useClass: Refusals });
  warehouse.closeAllConnections();
  warehouse.close();
}

void main();
