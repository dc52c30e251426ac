/** What a spec lets be retried: it fails so often, each time with an error of its own, then it works. */
export interface Flaky {
  readonly attempt: () => Promise<string>;
  readonly errors: readonly Error[];
  /** How many attempts were made. */
  readonly made: () => number;
}

export function flaky(failures: number): Flaky {
  const errors: Error[] = [];
  let made = 0;
  const attempt = async (): Promise<string> => {
    made++;
    if (errors.length >= failures) return 'ok';
    const error = new Error(`failure ${errors.length + 1}`);
    errors.push(error);
    throw error;
  };
  return { attempt, errors, made: () => made };
}

/** What never works, but for what it throws next time. */
export function throwing(...thrown: readonly unknown[]): {
  attempt: () => Promise<never>;
  made: () => number;
} {
  let made = 0;
  const attempt = async (): Promise<never> => {
    throw thrown[Math.min(made++, thrown.length - 1)];
  };
  return { attempt, made: () => made };
}

/** What a promise rejects with. */
export async function rejectionOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It did not reject');
}

/** Lets everything run that waits for nothing but its turn. */
export function turns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
