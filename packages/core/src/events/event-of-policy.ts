/** The fields of every event of every policy. */
export interface EventOfPolicy {
  readonly type: string;
  /** The kind of the policy, such as `'circuit-breaker'`. */
  readonly policy: string;
  /** The name of the policy; undefined where the event is not about one policy. */
  readonly key: string | undefined;
}
