/** What the circuit counted of one call and its retries. */
export interface Counted {
  readonly succeeded: number;
  readonly failed: number;
  readonly ignored: number;
  readonly refused: number;
}

/** The facts of one client and one fault: everything that the page shows, and nothing that depends on time or chance. */
export interface Outcome {
  /** Attempts that `withRetry` made. */
  readonly attempts: number;
  /** How long the other side asked to be left alone before each retry, in ms; 0 where it did not say. */
  readonly waits: readonly number[];
  readonly counted: Counted;
  /** What the caller got: `a result`, the kind of the error and its HTTP status, or `nothing` where the call hung. */
  readonly got: string;
  /** Why there was no further attempt, where it is not plain. */
  readonly gaveUp?: string;
  /** Requests that the server saw; only where it can count them and they differ from the attempts. */
  readonly requests?: number;
}

/** What the caller got of a call that hung. */
export const NOTHING = 'nothing';

const NONE: Counted = { succeeded: 0, failed: 0, ignored: 0, refused: 0 };

/** Attempts of a call that is tried again to the end: the first, and as many retries as the policy of the run allows. */
export const ATTEMPTS = 3;

/** A failure that is worth another attempt. The circuit opens at the last one, and refuses the call after it. */
export function retried(got: string, wait = 0): Outcome {
  const waits = Array.from({ length: ATTEMPTS - 1 }, () => wait);
  return { attempts: ATTEMPTS, waits, counted: { ...NONE, failed: ATTEMPTS, refused: 1 }, got };
}

/** A failure that no other attempt mends. */
export function lasting(got: string): Outcome {
  return { attempts: 1, waits: [], counted: { ...NONE, failed: 1 }, got };
}

/** What a healthy dependency answers. */
export function answered(got: string): Outcome {
  return { attempts: 1, waits: [], counted: { ...NONE, succeeded: 1 }, got };
}

/** An answer that is worth another attempt. */
export function contended(got: string, wait = 0): Outcome {
  const waits = Array.from({ length: ATTEMPTS - 1 }, () => wait);
  return { attempts: ATTEMPTS, waits, counted: { ...NONE, succeeded: ATTEMPTS }, got };
}

/** What counts as nothing: a denial, or the will of the caller. */
export function ignored(got: string): Outcome {
  return { attempts: 1, waits: [], counted: { ...NONE, ignored: 1 }, got };
}

/** A fault that passes: the last attempt brings a result. */
export function recovered(): Outcome {
  const counted = { ...NONE, failed: ATTEMPTS - 1, succeeded: 1 };
  return {
    attempts: ATTEMPTS,
    waits: Array.from({ length: ATTEMPTS - 1 }, () => 0),
    counted,
    got: 'a result',
  };
}

/** An outcome in words, as the page has it. */
export function sentenceOf({ attempts, waits, counted, got, gaveUp, requests }: Outcome): string {
  // How far it came by then depends on the machine.
  if (got === NOTHING) return 'nothing: the call does not end';
  const wait = waits.find((one) => one > 0);
  const waited = wait === undefined ? '' : `, waits ${wait / 1_000} s`;
  const stopped = gaveUp === undefined ? '' : `, ${gaveUp}`;
  const seen = requests === undefined ? '' : `, ${requests} requests`;
  return `${got}: ${attempts} × tried${waited}${stopped}${seen}, ${wordsOf(counted)}`;
}

function wordsOf(counted: Counted): string {
  const words = Object.entries(counted).filter(([name, count]) => count > 0 && name !== 'refused');
  const said = words.map(([name, count]) => `${count} ${name}`).join(', ');
  return counted.refused > 0 ? `${said}, opens` : said || 'nothing counted';
}
