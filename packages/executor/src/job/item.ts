/** One item of a job. */
export interface Item {
  readonly index: number;
  readonly args: readonly unknown[];
  /** How often a worker died while it ran. */
  readonly crashes: number;
}
