import { createHash } from 'node:crypto';
import pMap, { pMapSkip } from 'p-map';
import pRetry, { AbortError } from 'p-retry';

/** Loads products of a shop and fingerprints their texts. Those that are sold out are left out. */
export async function fingerprints(shop: string, ids: readonly string[]): Promise<string[]> {
  const load = async (id: string): Promise<string | typeof pMapSkip> => {
    try {
      return await pRetry(() => fingerprint(shop, id), { retries: 3, minTimeout: 20 });
    } catch (error) {
      if (error instanceof SoldOut) return pMapSkip;
      throw error;
    }
  };
  return pMap(ids, load, { concurrency: 4 });
}

class SoldOut extends Error {}

async function fingerprint(shop: string, id: string): Promise<string> {
  const response = await fetch(`${shop}/${id}`);
  if (response.status === 404) throw new AbortError(new SoldOut(id));
  if (!response.ok) throw new Error(`${id}: HTTP ${response.status}`);
  const text = await response.text();
  return `${id} ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}
