import { createHash } from 'node:crypto';
import { stopRetrying } from '@switchgear/core';
import { Retry } from '@switchgear/decorators';
import { Parallel, ParallelExecutor } from '@switchgear/executor';

/** Loads products of a shop and fingerprints their texts. Those that are sold out are left out. */
export async function fingerprints(shop: string, ids: readonly string[]): Promise<string[]> {
  await using executor = new ParallelExecutor({ workers: 4, placement: 'workers' });
  const results = await executor.map(Products, 'load', ids, { constructorArgs: [shop], chunk: 1 });
  return results.filter((result) => result !== undefined);
}

class SoldOut extends Error {}

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
    const response = await fetch(`${this.#shop}/${id}`);
    if (response.status === 404) throw stopRetrying(new SoldOut(id));
    if (!response.ok) throw new Error(`${id}: HTTP ${response.status}`);
    const text = await response.text();
    return `${id} ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  }
}
