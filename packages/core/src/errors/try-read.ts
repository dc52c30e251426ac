/** Reads what may throw when it is looked at (a getter, a trap, a revoked Proxy): undefined then. */
export function tryRead<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
