/** The result of `read`; undefined if `read` throws, as a getter, the trap of a Proxy and a revoked Proxy may. */
export function tryRead<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
