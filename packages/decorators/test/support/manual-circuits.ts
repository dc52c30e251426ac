import { afterEach, beforeEach } from '@jest/globals';
import { Panel } from '@switchgear/core';
import { ManualClock, replaceCircuits } from '@switchgear/core/testing';

/** One failure opens it, for 100 ms; one probe closes it. */
export const BRITTLE = { failureThreshold: 1, successThreshold: 1, resetTimeout: 100 } as const;

/** Every spec of the file begins with circuits that are new and closed, on a clock that stands still until it is moved. */
export function manualCircuits(): {
  readonly advance: (ms: number) => void;
  readonly panelElsewhere: () => Panel;
} {
  let clock: ManualClock;
  let panel: Panel;
  let restore: () => void;
  beforeEach(() => {
    clock = new ManualClock(1_000);
    panel = new Panel({ clock, circuits: 256 });
    restore = replaceCircuits(panel);
  });
  afterEach(() => restore());
  return {
    advance: (ms) => clock.advance(ms),
    // The panel as another thread has it: a clone of shared memory is another object over the same bytes.
    panelElsewhere: () => new Panel({ buffer: structuredClone(panel.buffer), clock }),
  };
}
