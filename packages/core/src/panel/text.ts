import type { Memory } from './memory.js';

/** A text in the form in which memory holds it: UTF-8, four bytes in a cell. */
export interface Text {
  readonly bytes: number;
  readonly cells: Int32Array;
  readonly hash: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeText(text: string): Text {
  const encoded = encoder.encode(text);
  const cells = new Int32Array(Math.ceil(encoded.length / 4));
  new Uint8Array(cells.buffer).set(encoded);
  return { bytes: encoded.length, cells, hash: hashCells(cells, encoded.length) };
}

export function writeText(memory: Memory, at: number, text: Text): void {
  text.cells.forEach((cell, i) => {
    memory.store(at + i, cell);
  });
}

export function readText(memory: Memory, at: number, bytes: number): string {
  const cells = Int32Array.from({ length: Math.ceil(bytes / 4) }, (_, i) => memory.load(at + i));
  return decodeText(cells, bytes);
}

export function decodeText(cells: Int32Array, bytes: number): string {
  return decoder.decode(new Uint8Array(cells.buffer, cells.byteOffset, bytes));
}

export function isText(memory: Memory, at: number, text: Text): boolean {
  return text.cells.every((cell, i) => memory.load(at + i) === cell);
}

/** MurmurHash3, 32 bits (Austin Appleby, public domain), over whole cells. */
export function hashCells(cells: ArrayLike<number>, seed: number): number {
  let hash = seed | 0;
  for (let i = 0; i < cells.length; i++) {
    let k = Math.imul(cells[i], 0xcc9e2d51);
    k = (k << 15) | (k >>> 17);
    hash ^= Math.imul(k, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= cells.length * 4;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
