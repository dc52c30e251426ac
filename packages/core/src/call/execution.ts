/** What a guarded function may know of the attempt that it makes. Valid for ever. */
export interface Execution {
  /** The number of this attempt of the innermost retry; 1 is the first call. */
  readonly attempt: number;
  /**
   * Aborts when one of the caller's signals does (an argument, or its `signal`), or one of the policies around the
   * function. Made when it is first read.
   */
  readonly signal: AbortSignal;
  /** Until when the call has to end, in epoch ms; undefined where there is no deadline. */
  readonly deadline: number | undefined;
  /** The name of the circuit that the call goes through, else of the innermost policy that has a name. */
  readonly key: string | undefined;
}
