import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, explainStack, pipeline, withCircuitBreaker, withRetry } from '@switchgear/core';

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
