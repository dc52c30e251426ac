/**
 * Node does not mind a buffer that was handed over before: it loses the message.
 *
 * @throws TypeError if one of them is gone
 */
export function assertPresent(buffers: Iterable<ArrayBuffer>): void {
  for (const buffer of buffers) {
    try {
      // The only way to ask that Node 20 has; a view costs nothing.
      new Uint8Array(buffer);
    } catch (cause) {
      throw new TypeError('its buffer has been handed over before', { cause });
    }
  }
}
