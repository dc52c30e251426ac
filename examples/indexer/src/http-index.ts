import type { FileRecord } from './file-record.js';
import type { Tally } from './tally.js';

/** The operations of the index. */
export interface Index {
  /** Whether the index has this version of the file. */
  has(path: string, sha256: string): Promise<boolean>;
  put(record: FileRecord): Promise<void>;
}

/** An answer with a status of failure. Retry reads the status, and `Retry-After` among the headers. */
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

/** Ends requests to a service that hangs. Its answers take a few milliseconds. */
const TIMEOUT = 400;

/** The index over HTTP, without protection. */
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
    // Idempotent: a second PUT of the record changes nothing, so it may be retried.
    await this.#request('PUT', encodeURIComponent(record.path), JSON.stringify(record));
  }

  async #request(method: string, path: string, body: string | null = null): Promise<Response> {
    this.#tally.count('requests');
    try {
      const signal = AbortSignal.timeout(TIMEOUT);
      const response = await fetch(`${this.#url}/records/${path}`, { method, body, signal });
      // Reads the body, so that the connection is free for the next request.
      await response.arrayBuffer();
      if (!response.ok && response.status !== 404) throw new HttpError(response);
      return response;
    } catch (error) {
      this.#tally.count('failures');
      throw error;
    }
  }
}
