import { classOf } from './workplace.js';

interface UntidyMethods {
  thread(item: unknown): number;
  echo<T>(value: T): T;
  length(item: { readonly text: string }): number;
  later(ms: number): Promise<number>;
  foreign(n: number): number;
  data(item: unknown): unknown;
  stray(how: string): string;
  leaveOpen(item: unknown): void;
  leaveRequests(item: unknown): void;
  keep(megabytes: number): number;
  replace(what: string): string;
}

export const Untidy: new () => UntidyMethods = await classOf('untidy-worker.mjs', 'Untidy');
