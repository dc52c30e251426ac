import type { Contestant } from './contestant.js';

/**
 * The loop around the calls. Each contestant has a copy of this module of its own, so that the compiler does not optimize
 * the loop for another contestant.
 */
export async function awaited(call: Contestant['call'], calls: number): Promise<number> {
  let sum = 0;
  for (let i = 0; i < calls; i++) sum += await call(i);
  return sum;
}

export function straight(call: Contestant['call'], calls: number): number {
  let sum = 0;
  for (let i = 0; i < calls; i++) sum += call(i) as number;
  return sum;
}
