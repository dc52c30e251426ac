import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import { singleton } from '../singleton.js';
import { Panel } from './panel.js';

const ENVIRONMENT_KEY = '@switchgear/core/panel/1';

/**
 * The panel of named circuits: one for all threads of the process.
 *
 * Its buffer is environment data of the thread, which every worker started later is born with, so nobody has to hand it
 * over. It is made when this module is loaded, not when the first circuit is, so that no worker is born too early.
 */
export const defaultPanel: Panel = singleton('panel', () => {
  // In a main thread inherited data can only be an earlier self's (Jest evaluates modules anew for each test file).
  const inherited = isMainThread ? undefined : getEnvironmentData(ENVIRONMENT_KEY);
  const panel = inherit(inherited) ?? new Panel();
  setEnvironmentData(ENVIRONMENT_KEY, panel.buffer);
  return panel;
});

/** The panel of this thread's circuits without a name: nobody else can find them, and they end with the thread. */
export function privatePanel(): Panel {
  return singleton('private panel', () => new Panel());
}

const panels = new WeakMap<Clock, Panel>();

/** One panel a clock: circuits that go by one clock and have one name are one circuit. */
export function panelFor(clock: Clock): Panel {
  let panel = panels.get(clock);
  if (panel === undefined) panels.set(clock, (panel = new Panel({ clock })));
  return panel;
}

function inherit(buffer: unknown): Panel | undefined {
  if (buffer === undefined) return undefined;
  return new Panel({ buffer: buffer as SharedArrayBuffer });
}
