import { brandOf, markError, SwitchgearError } from '../errors/switchgear-error.js';

export interface PanelFullErrorData {
  readonly what: 'circuits' | 'memory';
  /** The number of circuits, or of bytes of memory, that the panel was made for. */
  readonly capacity: number;
}

/** The panel, which is the shared memory of circuits, has no room for another circuit. */
export class PanelFullError extends SwitchgearError {
  static {
    markError(this, { name: 'PanelFullError', code: 'ERR_PANEL_FULL' });
  }

  declare readonly name: 'PanelFullError';
  readonly code = 'ERR_PANEL_FULL';
  readonly what: 'circuits' | 'memory';
  readonly capacity: number;

  constructor({ what, capacity }: PanelFullErrorData) {
    const unit = what === 'circuits' ? 'circuits' : 'bytes of memory';
    super(
      `The panel is full: it was made for ${capacity} ${unit}. ` +
        `Make a larger one, such as new Panel({ ${what}: ${capacity * 2} }), or use fewer keys.`,
    );
    this.what = what;
    this.capacity = capacity;
  }
}

export function isPanelFullError(error: unknown): error is PanelFullError {
  return brandOf(error) === 'ERR_PANEL_FULL';
}
