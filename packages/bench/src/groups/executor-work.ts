import { Parallel } from '@switchgear/executor';
import { PlainWork } from './executor-plain-work.js';

/** The same work for executors. */
@Parallel()
export class Work extends PlainWork {
  @Parallel({ transfer: (result: Uint8Array) => [result.buffer as ArrayBuffer] })
  invertOver(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => 255 - byte);
  }
}
