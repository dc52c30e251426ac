import { createHash } from 'node:crypto';
import { execution, stopRetrying } from '@switchgear/core';
import { Retry } from '@switchgear/decorators';
import { Parallel, ParallelExecutor } from '@switchgear/executor';

class SoldOut extends Error {}

/** Fingerprints the products of a shop. Those that are sold out are left out; the first failure ends it. */
export async function fingerprints(shop: string, ids: readonly string[]): Promise<string[]> {
  await using executor = new ParallelExecutor({ workers: 4, placement: 'workers' });
  const results = await executor.map(Products, 'load', ids, { constructorArgs: [shop] });
  return results.filter((result) => result !== undefined);
}

/** Goes through all products, and returns why some could not be loaded. */
export async function failures(shop: string, ids: readonly string[]): Promise<string[]> {
  await using executor = new ParallelExecutor({ workers: 4, placement: 'workers' });
  const outcomes = await executor.mapSettled(Products, 'load', ids, { constructorArgs: [shop] });
  return outcomes.flatMap((outcome) => (outcome.status === 'succeeded' ? [] : [String(outcome.error)]));
}

@Parallel()
export class Products {
  readonly #shop: string;

  constructor(shop: string) {
    this.#shop = shop;
  }

  async load(id: string): Promise<string | undefined> {
    try {
      return await this.fingerprint(id);
    } catch (error) {
      if (error instanceof SoldOut) return undefined;
      throw error;
    }
  }

  @Retry({ maxRetries: 3, initialDelay: 20, jitter: 'none', maxElapsed: Infinity, respectRetryAfter: false })
  async fingerprint(id: string): Promise<string> {
    const { attempt } = execution();
    const response = await fetch(`${this.#shop}/${id}`, { headers: { 'x-attempt': String(attempt) } });
    if (response.status === 404) throw stopRetrying(new SoldOut(id));
    if (!response.ok) throw new Error(`${id}: HTTP ${response.status}`);
    const hash = createHash('sha256').update(await response.text());
    return `${id} ${hash.digest('hex').slice(0, 8)}, attempt ${attempt}`;
  }
}
