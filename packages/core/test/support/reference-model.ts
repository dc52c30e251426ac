// A circuit as DESIGN.md §2 describes it, in plain objects and lists: no word, no ring, no buckets of counters. It
// shares no code with the sources, and is slow and simple on purpose.

export interface ModelPolicy {
  /** `Infinity` where only the window decides. */
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly initialDelay: number;
  readonly factor: number;
  readonly maxDelay: number;
  readonly permits: number;
  readonly permitTimeout: number;
  readonly window?: ModelWindow | undefined;
  readonly slowCallDuration?: number | undefined;
}

export interface ModelWindow {
  /** One of the two is given. */
  readonly calls?: number;
  readonly duration?: number;
  readonly minimumCalls: number;
  readonly failureRate: number;
  readonly slowRate?: number | undefined;
}

export type Machine = 'closed' | 'open' | 'half-open';
export type Hand = 'none' | 'open' | 'closed' | 'shadow';
export type Outcome = 'success' | 'failure' | 'neutral';

/** Leave for one call. */
export interface ModelPermit {
  readonly generation: number;
  readonly startedAt: number;
  readonly kind: 'ordinary' | 'probe' | 'uncounted';
  readonly expiry: number;
}

interface Ended {
  readonly at: number;
  readonly failed: boolean;
  readonly slow: boolean;
}

export class ReferenceModel {
  readonly #policy: ModelPolicy;
  #now = 0;
  #hand: Hand = 'none';
  #machine: Machine = 'closed';
  #generation = 0;
  #failures = 0;
  #successes = 0;
  #deadline = 0;
  #reopenings = 0;
  #probes: ModelPermit[] = [];
  #ended: Ended[] = [];

  constructor(policy: ModelPolicy) {
    this.#policy = policy;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  /** Asks for one call; undefined is a refusal. */
  start(): ModelPermit | undefined {
    if (this.#hand === 'open') return undefined;
    if (this.#hand === 'closed') return this.#permit('uncounted');
    const permit = this.#startInMachine();
    return permit ?? (this.#hand === 'shadow' ? this.#permit('uncounted') : undefined);
  }

  settle(permit: ModelPermit, outcome: Outcome): void {
    if (permit.kind === 'uncounted' || permit.generation !== this.#generation) return;
    const { slowCallDuration = Infinity } = this.#policy;
    const slow = this.#now - permit.startedAt > slowCallDuration;
    if (permit.kind === 'probe') this.#settleProbe(permit, outcome, slow);
    else if (outcome !== 'neutral') this.#settleOrdinary(outcome === 'failure', slow);
  }

  force(mode: 'open' | 'closed' | 'shadow' | 'auto'): void {
    const hand = mode === 'auto' ? 'none' : mode;
    if (hand === this.#hand) return;
    this.#hand = hand;
    this.#enter('closed');
  }

  reset(): void {
    this.#hand = 'none';
    this.#enter('closed');
  }

  /**
   * Whether a probe has expired and nobody has called since. The circuit is open as of that expiry then; whether it
   * says so before the next call is left to it.
   */
  get isLapsed(): boolean {
    return this.#machine === 'half-open' && this.#earliestExpiry() <= this.#now;
  }

  get state(): string {
    if (this.#hand === 'none') return this.#machine;
    return this.#hand === 'shadow' ? 'shadow' : `forced-${this.#hand}`;
  }

  /** What a snapshot says, but for times of day and generations. */
  observed(): object {
    const { window } = this.#policy;
    return {
      state: this.state,
      shadow: this.#hand === 'shadow' ? this.#machine : undefined,
      failures: this.#machine === 'closed' ? this.#failures : 0,
      successes: this.#machine === 'half-open' ? this.#successes : 0,
      retryAfter: this.#retryAfter(),
      window: window && this.#totals(window),
    };
  }

  #startInMachine(): ModelPermit | undefined {
    if (this.isLapsed) this.#open(this.#earliestExpiry(), this.#reopenings + 1);
    if (this.#machine === 'open' && this.#now >= this.#deadline) this.#enter('half-open');
    if (this.#machine === 'closed') return this.#permit('ordinary');
    if (this.#machine === 'open' || this.#probes.length >= this.#policy.permits) return undefined;
    const probe = this.#permit('probe');
    this.#probes.push(probe);
    return probe;
  }

  #settleProbe(probe: ModelPermit, outcome: Outcome, slow: boolean): void {
    this.#probes = this.#probes.filter((other) => other !== probe);
    // Of the other probes: the expiry of this one has not been acted on, or its permit would be gone.
    const earliest = this.#earliestExpiry();
    if (outcome === 'failure' || (outcome !== 'neutral' && slow)) this.#open(this.#now, this.#reopenings + 1);
    else if (earliest <= this.#now) this.#open(earliest, this.#reopenings + 1);
    else if (outcome === 'neutral') return;
    else if (++this.#successes >= this.#policy.successThreshold) this.#enter('closed');
  }

  #settleOrdinary(failed: boolean, slow: boolean): void {
    const { window, failureThreshold } = this.#policy;
    this.#failures = failed ? this.#failures + 1 : 0;
    this.#ended.push({ at: this.#now, failed, slow });
    const isTooMuch = window !== undefined && (failed || slow) && this.#exceeds(window);
    if (this.#failures >= failureThreshold || isTooMuch) this.#open(this.#now, 0);
  }

  #exceeds(window: ModelWindow): boolean {
    const { calls, failureRate, slowRate } = this.#totals(window);
    if (calls < window.minimumCalls) return false;
    return (
      failureRate >= window.failureRate || (window.slowRate !== undefined && slowRate >= window.slowRate)
    );
  }

  #totals(window: ModelWindow) {
    const counted = this.#counted(window);
    const calls = counted.length;
    const failures = counted.filter(({ failed }) => failed).length;
    const slow = counted.filter((one) => one.slow).length;
    return { calls, failures, slow, failureRate: calls && failures / calls, slowRate: calls && slow / calls };
  }

  #counted({ calls, duration }: ModelWindow): Ended[] {
    if (duration === undefined) return calls === undefined ? [] : this.#ended.slice(-calls);
    // Ten buckets, the current one included.
    const bucket = (at: number): number => Math.floor((at * 10) / duration);
    return this.#ended.filter(({ at }) => bucket(at) > bucket(this.#now) - 10);
  }

  #retryAfter(): number | undefined {
    if (this.#hand === 'open') return undefined;
    if (this.#hand !== 'none' || this.#machine === 'closed') return 0;
    if (this.#machine === 'open') return Math.max(0, this.#deadline - this.#now);
    return this.#probes.length < this.#policy.permits ? 0 : this.#earliestExpiry() - this.#now;
  }

  #earliestExpiry(): number {
    return Math.min(Infinity, ...this.#probes.map(({ expiry }) => expiry));
  }

  #permit(kind: ModelPermit['kind']): ModelPermit {
    const expiry = kind === 'probe' ? this.#now + this.#policy.permitTimeout : Infinity;
    return { generation: this.#generation, startedAt: this.#now, kind, expiry };
  }

  #open(from: number, reopenings: number): void {
    const { initialDelay, factor, maxDelay } = this.#policy;
    this.#enter('open');
    this.#reopenings = reopenings;
    this.#deadline = from + Math.round(Math.min(initialDelay * factor ** reopenings, maxDelay));
  }

  #enter(machine: Machine): void {
    this.#generation++;
    this.#machine = machine;
    this.#failures = 0;
    this.#successes = 0;
    this.#probes = [];
    this.#ended = [];
  }
}
