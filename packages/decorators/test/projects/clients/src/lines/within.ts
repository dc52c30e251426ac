/** Gives one attempt its time. It rejects with a TimeoutError then, whatever the client makes of the signal. */
export async function within<T>(ms: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ms);
  try {
    return await ask(signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
