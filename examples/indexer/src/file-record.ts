import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The record of a file in the index. */
export interface FileRecord {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly compressed: number;
  readonly words: number;
  readonly lines: number;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** Reads a file and computes its record. */
export async function recordOf(folder: string, path: string): Promise<FileRecord> {
  const content = await readFile(join(folder, path));
  return {
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    // Sync, so that it runs in this thread. The async function would run in a pool that all threads share.
    compressed: gzipSync(content).length,
    ...wordsAndLines(content),
  };
}

/** As `wc` counts them: words are divided by white space, and a line ends with its newline. */
function wordsAndLines(content: Uint8Array): { readonly words: number; readonly lines: number } {
  let words = 0;
  let lines = 0;
  let isInWord = false;
  for (let i = 0; i < content.length; i++) {
    const byte = content[i];
    const isSpace = byte === SPACE || (byte >= 0x09 && byte <= 0x0d);
    if (byte === NEWLINE) lines++;
    if (isInWord && isSpace) words++;
    isInWord = !isSpace;
  }
  return { words: isInWord ? words + 1 : words, lines };
}
