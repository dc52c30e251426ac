import { classOf } from './workplace.js';

interface UntidyMethods {
  thread(item: unknown): number;
  echo<T>(value: T): T;
  length(item: { readonly text: string }): number;
  later(ms: number): Promise<number>;
  never(item: unknown): Promise<never>;
  spin(item: unknown): never;
  foreign(n: number): number;
  data(item: unknown): unknown;
  stray(how: string): string;
  leaveOpen(item: unknown): void;
  leaveRequest(descriptor: number): void;
  keep(megabytes: number): number;
  replace(what: string): string;
}

export const Untidy: new () => UntidyMethods = await classOf('untidy-worker.mjs', 'Untidy');
