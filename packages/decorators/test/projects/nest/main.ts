import { Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { Cities } from './cities.js';
import { Refusals } from './lifecycle.js';
import { Api, Weather } from './weather.js';

@Module({
  controllers: [Cities],
  providers: [Api, Weather, { provide: APP_FILTER, useClass: Refusals }],
})
class App {}

async function main(): Promise<void> {
  const app = await NestFactory.create(App, { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const api = app.get(Api);

  const ask = async (path: string, token = '', init: RequestInit = {}): Promise<string> => {
    const headers = { 'x-token': token, 'content-type': 'application/json' };
    const response = await fetch(`${url}/${path}`, { ...init, headers });
    const text = await response.text();
    const answer = text.startsWith('{') ? (JSON.parse(text) as { message: string }).message : text;
    return `  ${response.status} ${answer}`;
  };
  /** One request that is well, three that fail, and one for which the circuit is open. */
  const outage = async (path: string, token = '', init: RequestInit = {}): Promise<void> => {
    console.log(await ask(path, token, init));
    api.failures = Infinity;
    for (let i = 0; i < 4; i++) console.log(await ask(path, token, init));
    api.failures = 0;
  };

  const orders = ['circuit-get-token', 'circuit-token-get', 'get-circuit-token'];
  orders.push('token-circuit-get', 'get-token-circuit', 'token-get-circuit');
  for (const order of orders) {
    console.log(order);
    console.log(await ask(`${order}/1?zip=1010`, 'abracadabra'));
    console.log(await ask(`${order}/Vienna?zip=1010`, 'open sesame'));
    await outage(`${order}/1?zip=1010`, 'open sesame');
  }

  console.log('two policies of a route');
  const city = { method: 'POST', body: '{"name":"Vienna"}' };
  console.log(await ask('cities', '', city));
  api.failures = 1;
  console.log(await ask('cities', 'swordfish', city));
  api.failures = Infinity;
  for (let i = 0; i < 2; i++) console.log(await ask('cities', 'swordfish', city));
  api.failures = 0;

  console.log('a provider that tries again');
  api.failures = 2;
  console.log(await ask('now/Vienna'));

  console.log('a provider with a circuit');
  await outage('forecast/Vienna');

  await app.close();
}

void main();
