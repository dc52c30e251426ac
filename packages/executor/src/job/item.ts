/** One item of a job on its way. */
export interface Item {
  readonly index: number;
  readonly args: readonly unknown[];
  /** How often a worker died while it ran. */
  readonly crashes: number;
}
