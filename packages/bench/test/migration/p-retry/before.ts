import { createHash } from 'node:crypto';
import pMap, { pMapSkip } from 'p-map';
import pRetry, { AbortError } from 'p-retry';

class SoldOut extends Error {}

/** Fingerprints the products of a shop. Those that are sold out are left out; the first failure ends it. */
export async function fingerprints(shop: string, ids: readonly string[]): Promise<string[]> {
  return pMap(ids, (id) => load(shop, id), { concurrency: 4 });
}

/** Goes through all products, and returns why some could not be loaded. */
export async function failures(shop: string, ids: readonly string[]): Promise<string[]> {
  try {
    await pMap(ids, (id) => load(shop, id), { concurrency: 4, stopOnError: false });
    return [];
  } catch (error) {
    return (error as AggregateError).errors.map(String);
  }
}

async function load(shop: string, id: string): Promise<string | typeof pMapSkip> {
  try {
    return await pRetry((attempt) => fingerprint(shop, id, attempt), { retries: 3, minTimeout: 20 });
  } catch (error) {
    if (error instanceof SoldOut) return pMapSkip;
    throw error;
  }
}

async function fingerprint(shop: string, id: string, attempt: number): Promise<string> {
  const response = await fetch(`${shop}/${id}`, { headers: { 'x-attempt': String(attempt) } });
  if (response.status === 404) throw new AbortError(new SoldOut(id));
  if (!response.ok) throw new Error(`${id}: HTTP ${response.status}`);
  const hash = createHash('sha256').update(await response.text());
  return `${id} ${hash.digest('hex').slice(0, 8)}, attempt ${attempt}`;
}
