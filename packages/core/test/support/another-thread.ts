import { Panel } from '@switchgear/core';
import { readHeader } from '../../src/panel/layout.js';
import { SharedMemory } from '../../src/panel/memory.js';
import { NameTable } from '../../src/panel/name-table.js';
import { Segments } from '../../src/panel/segments.js';
import { encodeText } from '../../src/panel/text.js';

/** Removes a circuit as another thread does: in the memory, without a word to this one. */
export function removeElsewhere({ buffer }: Panel, key: string): void {
  const memory = new SharedMemory(buffer);
  const layout = readHeader(memory);
  if (typeof layout === 'string') throw new Error(layout);
  const names = new NameTable(memory, layout, new Segments(memory, layout), 99);
  const place = names.find('circuit-breaker', encodeText(key));
  if (place === undefined || !names.remove(place, () => true))
    throw new Error(`there is no circuit "${key}"`);
}

/** The panel as another thread has it: the same memory, and nothing else in common. */
export function panelElsewhere({ buffer, clock }: Panel): Panel {
  // A clone of shared memory is what `postMessage` hands a thread: another object over the same bytes.
  return new Panel({ buffer: structuredClone(buffer), clock });
}
