import { describe, expect, it } from '@jest/globals';
import {
  Bulkhead,
  CircuitBreaker,
  explainStack,
  pipeline,
  withBulkhead,
  withCircuitBreaker,
  withRetry,
} from '@switchgear/core';

describe('the explanation of a stack', () => {
  it('has a line for each policy, outermost first', () => {
    const breaker = new CircuitBreaker({ key: 'explained', failureThreshold: 1, resetTimeout: '30s' });
    const guarded = pipeline(withRetry({ maxRetries: 2 }), withCircuitBreaker(breaker))(async () => 1);
    expect(explainStack(guarded)).toMatchObject({
      admits: true,
      layers: [{ kind: 'retry' }, { key: 'explained' }],
    });
    breaker.force('open');
    const { admits, text } = explainStack(guarded);
    expect(admits).toBe(false);
    expect(text.split('\n')).toEqual([
      'retry: tries again up to 2 times, within 30s.',
      expect.stringMatching(/^circuit-breaker "explained": .*forced open/),
    ]);
  });

  it('says that a bulkhead is full', async () => {
    let end = (): void => undefined;
    const hang = (): Promise<void> => new Promise((resolve) => (end = resolve));
    const bulkhead = new Bulkhead({ key: 'explained-hall', maxConcurrent: 1 });
    const guarded = [withBulkhead(bulkhead), withBulkhead('explained-hall'), withBulkhead(1)].map((policy) =>
      policy(hang),
    );
    expect(guarded.map((fn) => explainStack(fn).admits)).toEqual([true, true, true]);
    const call = guarded[0]?.();
    expect(guarded.map((fn) => explainStack(fn).admits)).toEqual([false, false, true]);
    expect(explainStack(guarded[1] ?? hang).text).toMatch(
      /^bulkhead "explained-hall": .*The next call is refused/,
    );
    end();
    await call;
  });

  it('names the circuit of the given arguments', () => {
    const guarded = withCircuitBreaker({ key: (tenant: string) => `explained:${tenant}` })(
      async (tenant: string) => tenant,
    );
    expect(explainStack(guarded, ['a']).layers).toMatchObject([{ key: 'explained:a', admits: true }]);
  });

  it('says what it cannot say, and why', () => {
    const guarded = withCircuitBreaker('explained-nowhere')(async () => 1);
    expect(explainStack(guarded)).toMatchObject({
      admits: false,
      text: expect.stringMatching(/cannot say: .*explained-nowhere/s),
    });
  });

  it('of a function without policies is empty', () => {
    expect(explainStack(() => 1)).toEqual({ admits: true, text: '', layers: [] });
  });
});
