/** What every event of every policy tells. */
export interface EventOfPolicy {
  readonly type: string;
  /** The kind of the policy, such as `'circuit-breaker'`. */
  readonly policy: string;
  /** The name that the policy goes by; undefined where the event is about no policy in particular. */
  readonly key: string | undefined;
}
