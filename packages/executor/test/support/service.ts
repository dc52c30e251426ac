import { classOf } from './workplace.js';

type Failure = 'own' | 'refusal' | 'aggregate' | 'undefined' | 'null' | 'text' | 'data';

interface Logged {
  readonly n: number;
  readonly log: string;
}

interface ServiceMethods {
  double(n: number): number;
  echo(value: unknown): unknown;
  count(item: unknown): number;
  list(...args: unknown[]): unknown[];
  afterDelay(item: { readonly n: number; readonly delay: number }): Promise<number>;
  thread(item: unknown): number;
  thirds(n: number): number;
  fail(what: Failure): never;
  failLater(what: Failure): Promise<never>;
  thenable(n: number): PromiseLike<number>;
  strangeThenable(n: number): unknown;
  functionFor(n: number): unknown;
  logged(item: Logged): number;
  gated(item: Logged & { readonly gate: Int32Array }): number;
  tick(item: unknown): void;
  never(item: unknown): Promise<never>;
  spun(item: { readonly n: number; readonly ms: number; readonly log?: string }): number;
  hang(item: { readonly gate: Int32Array }): Promise<never>;
  spinForEver(item: { readonly gate: Int32Array }): never;
  env(name: string): string | undefined;
  setEnv(item: { readonly name: string; readonly value: string }): void;
  global(name: string): unknown;
  readonly answer: (item: unknown) => number;
}

interface BytesMethods {
  make(length: number): Uint8Array;
  same(item: unknown): Uint8Array;
  inside(length: number): { readonly bytes: Uint8Array };
  left(item: unknown): number;
  sum(bytes: Uint8Array): number;
}

interface GreeterMethods {
  greet(name: string): string;
  count(item: unknown): number;
}

const file = 'service-worker.mjs';

export const Service: new () => ServiceMethods = await classOf(file, 'Service');
export const Bytes: new () => BytesMethods = await classOf(file, 'Bytes');
export const Greeter: new (greeting: string, mark?: string) => GreeterMethods = await classOf(
  file,
  'Greeter',
);
export const Made: new () => { tell(item: unknown): string } = await classOf(file, 'Made');
