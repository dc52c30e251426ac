// What is written here is wrong, as in misuse.ts.
import { Bulkhead, Deadline, RateLimit, Timeout } from '@switchgear/decorators';

export class WithoutParentheses {
  // @Timeout needs parentheses: write @Timeout('5s')
  @Timeout async lookup(address: string): Promise<string> {
    return address;
  }
  // @Deadline needs parentheses: write @Deadline('5s')
  @Deadline async reverse(address: string): Promise<string> {
    return address;
  }
  // @RateLimit needs parentheses: write @RateLimit(100)
  @RateLimit format(n: number): number {
    return n;
  }
  // @Bulkhead needs parentheses: write @Bulkhead()
  @Bulkhead parse(n: number): number {
    return n;
  }
}

export class Misspelt {
  // Did you mean to write 'timeout'?
  @Timeout({ timeot: '5s' }) async lookup(address: string): Promise<string> {
    return address;
  }
  // Did you mean to write 'deadline'?
  @Deadline({ deadlin: '5s' }) async reverse(address: string): Promise<string> {
    return address;
  }
  // Did you mean to write 'maxConcurrent'?
  @Bulkhead({ maxConcurent: 5 }) parse(n: number): number {
    return n;
  }
  // Did you mean to write 'maxConcurrent'?
  @Bulkhead({ key: 'geo', maxQueue: 5, maxConcurent: 5 }) async queued(n: number): Promise<number> {
    return n;
  }
  // Type '"5s"' is not assignable to type '"queueTimeout needs maxQueue"'
  @Bulkhead({ maxConcurrent: 5, queueTimeout: '5s' }) async impatient(n: number): Promise<number> {
    return n;
  }
}
