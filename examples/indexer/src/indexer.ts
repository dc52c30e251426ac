import { Parallel } from '@switchgear/executor';
import { recordOf } from './file-record.js';
import { HttpIndex, type Index } from './http-index.js';
import { IndexClient } from './index-client.js';
import { Tally } from './tally.js';

/** The settings of an indexer, which are sent to each thread. */
export interface IndexerSettings {
  readonly folder: string;
  readonly url: string;
  /** Whether the indexer calls the service through circuit and retry. */
  readonly isGuarded: boolean;
  readonly tally: Int32Array;
}

/** Writes records of files to the index. Each thread has one indexer. */
@Parallel()
export class Indexer {
  readonly #folder: string;
  readonly #tally: Tally;
  readonly #index: Index;

  constructor({ folder, url, isGuarded, tally }: IndexerSettings) {
    this.#folder = folder;
    this.#tally = new Tally(tally);
    const http = new HttpIndex(url, this.#tally);
    this.#index = isGuarded ? new IndexClient(http, this.#tally) : http;
  }

  async index(path: string): Promise<void> {
    const record = await recordOf(this.#folder, path);
    this.#tally.count('calls');
    if (await this.#index.has(path, record.sha256)) return;
    this.#tally.count('calls');
    await this.#index.put(record);
  }
}
