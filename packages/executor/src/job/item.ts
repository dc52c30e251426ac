/** One item of a job. */
export interface Item {
  readonly index: number;
  readonly args: readonly unknown[];
  /** How often a worker died while it ran. */
  readonly crashes: number;
  /** Whether it was taken back from a worker that was idle and did not begin it in time. That happens once. */
  readonly wasStuck?: true;
}
