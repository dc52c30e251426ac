import type { FileRecord } from './file-record.js';
import type { Tally } from './tally.js';

/** What an indexer asks of the index. */
export interface Index {
  /** Whether it has this version of the file. */
  has(path: string, sha256: string): Promise<boolean>;
  put(record: FileRecord): Promise<void>;
}

/** An answer that is none. Retry looks for the status and for a `Retry-After` among the headers. */
class HttpError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ status, statusText, headers }: Response) {
    super(`${status} ${statusText}`);
    this.name = 'HttpError';
    this.status = status;
    this.headers = Object.fromEntries(headers);
  }
}

/** A service that hangs would hang us. Its answers take a few milliseconds. */
const TIMEOUT = 400;

/** The index over HTTP, with no protection at all. */
export class HttpIndex implements Index {
  readonly #url: string;
  readonly #tally: Tally;

  constructor(url: string, tally: Tally) {
    this.#url = url;
    this.#tally = tally;
  }

  async has(path: string, sha256: string): Promise<boolean> {
    const { status } = await this.#request('GET', `${encodeURIComponent(path)}?sha256=${sha256}`);
    return status !== 404;
  }

  async put(record: FileRecord): Promise<void> {
    // Under its path: to put it twice changes nothing, so it may be retried.
    await this.#request('PUT', encodeURIComponent(record.path), JSON.stringify(record));
  }

  async #request(method: string, path: string, body: string | null = null): Promise<Response> {
    this.#tally.count('requests');
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const response = await fetch(`${this.#url}/records/${path}`, { method, body, signal });
      // A connection is free for the next request when the body has been read.
      await response.arrayBuffer();
      if (!response.ok && response.status !== 404) throw new HttpError(response);
      return response;
    } catch (error) {
      this.#tally.count('failures');
      throw error;
    }
  }
}
