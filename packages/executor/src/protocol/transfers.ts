/**
 * Throws if a buffer was transferred before. Node does not: it loses the message.
 *
 * @throws TypeError
 */
export function assertPresent(buffers: Iterable<ArrayBuffer>): void {
  for (const buffer of buffers) {
    try {
      // Node 20 has no `detached`; a view costs nothing.
      new Uint8Array(buffer);
    } catch (cause) {
      throw new TypeError('its buffer was transferred before', { cause });
    }
  }
}
