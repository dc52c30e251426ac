/** An order of two policies that harms: the first kind stands further out than the second. */
interface HarmfulOrder {
  readonly outer: string;
  readonly inner: readonly string[];
  readonly why: string;
}

const HARMFUL: readonly HarmfulOrder[] = [
  {
    outer: 'bulkhead',
    inner: ['retry', 'hedge'],
    why: 'a call keeps its permit while it waits between attempts',
  },
  {
    outer: 'rate-limit',
    inner: ['retry', 'hedge'],
    why: 'only the first attempt is counted, and the server gets more than the limit',
  },
  {
    outer: 'timeout',
    inner: ['retry'],
    why: 'all attempts together have the time of one. Put the timeout inside, and a deadline around the retry',
  },
  {
    outer: 'circuit-breaker',
    inner: ['bulkhead', 'rate-limit'],
    why: 'the time in a queue counts as a slow call, and a probe may wait in it',
  },
  { outer: 'retry', inner: ['retry'], why: 'the attempts multiply' },
];

/**
 * What harms in the order of a stack, one sentence for each pair of policies.
 *
 * @param kinds of the policies, outermost first
 */
export function orderFaults(kinds: readonly string[]): readonly string[] {
  const hasDeadline = kinds.includes('deadline');
  const faults = kinds.flatMap((outer, at) => {
    const further = kinds.slice(at + 1);
    return HARMFUL.filter((order) => order.outer === outer && !(outer === 'timeout' && hasDeadline)).flatMap(
      ({ inner, why }) =>
        inner
          .filter((kind) => further.includes(kind))
          .map((kind) => `${outer} is around ${kind === outer ? `another ${kind}` : kind}: ${why}`),
    );
  });
  return [...new Set(faults)];
}
