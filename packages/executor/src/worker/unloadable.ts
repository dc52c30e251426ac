/** Says what to write if a worker could not load a module for want of what compiles it; empty for other errors. */
export function cureFor(error: unknown): string {
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: unknown;
    readonly name?: unknown;
  };
  const isUncompiled =
    code === 'ERR_UNKNOWN_FILE_EXTENSION' ||
    code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' ||
    code === 'ERR_MODULE_NOT_FOUND' ||
    name === 'SyntaxError';
  if (!isUncompiled) return '';
  const { JEST_WORKER_ID, VITEST } = process.env;
  if ((JEST_WORKER_ID ?? VITEST) !== undefined) {
    return (
      ". Workers see no transforms of Jest and Vitest: leave out placement: 'workers', so that the test runs it in its own thread, " +
      "or give the executor a compiler for its workers, such as { preload: ['tsx'] }"
    );
  }
  return ". If a hook that code has registered compiles it in the main thread, give the hook to the workers as well: new ParallelExecutor({ preload: ['…'] })";
}
