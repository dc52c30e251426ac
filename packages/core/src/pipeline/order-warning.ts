import { warnUser } from '../call/user-warning.js';
import { orderFaults } from './order-faults.js';

/** What was warned about already. */
const warned = new Set<string>();

/**
 * Warns about an order of policies that harms, once for each line of code.
 *
 * @param kinds of the policies, outermost first
 * @param site the line of code that put them together
 */
export function warnOfOrder(kinds: readonly string[], site: string): void {
  for (const fault of orderFaults(kinds)) {
    const text = `the pipeline at ${site}: ${fault}. To keep the order, end the list with { warn: false }`;
    if (warned.has(text)) continue;
    warned.add(text);
    warnUser(text);
  }
}
