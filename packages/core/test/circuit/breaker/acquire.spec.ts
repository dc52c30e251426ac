import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from '@jest/globals';
import { fail, startCall, succeed } from '../../support/calls.js';
import { circuit } from '../../support/circuit-on-a-manual-clock.js';
import { heard } from '../../support/listening.js';
import { BRITTLE, openCircuit, probingCircuit } from '../../support/openings.js';

const onePermit = { halfOpen: { permits: 1, permitTimeout: 100 } };

describe('acquire', () => {
  it('gives a permit while the circuit is closed', () => {
    expect(circuit().breaker.acquire()).toMatchObject({ succeed: expect.any(Function) });
  });

  it('throws where the circuit refuses', () => {
    expect(() => openCircuit().breaker.acquire()).toThrow(
      expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' }),
    );
  });

  it('throws where the policy says async, for it returns no promise', () => {
    expect(() => openCircuit({ async: true }).breaker.acquire()).toThrow(
      expect.objectContaining({ code: 'ERR_CIRCUIT_OPEN' }),
    );
  });

  it('moves an open circuit whose deadline has passed to half-open', () => {
    const { breaker } = probingCircuit();
    breaker.acquire();
    expect(breaker.state).toBe('half-open');
  });

  it('takes one of the permits of a half-open circuit', () => {
    const { breaker } = probingCircuit(onePermit);
    breaker.acquire();
    expect(startCall(breaker).admitted).toBe(false);
  });

  it('guards a stream that ends well', async () => {
    const { breaker } = probingCircuit({ successThreshold: 1 });
    const permit = breaker.acquire();
    await pipeline(Readable.from(['a', 'b']), new PassThrough().resume());
    permit.succeed();
    expect(breaker.state).toBe('closed');
  });

  it('guards a stream that breaks', async () => {
    const { breaker } = circuit(BRITTLE);
    const permit = breaker.acquire();
    const source = new Readable({ read() {} });
    const ended = new Promise<void>((resolve) => {
      source.on('error', (error) => {
        permit.fail(error);
        resolve();
      });
    });
    source.destroy(new Error('reset by peer'));
    await ended;
    expect(breaker.state).toBe('open');
  });
});

describe('a permit that succeeds', () => {
  it('forgets failures of a closed circuit', () => {
    const { breaker } = circuit();
    fail(breaker);
    breaker.acquire().succeed();
    expect(breaker.snapshot().failures).toBe(0);
  });

  it('counts as a successful probe', () => {
    const { breaker } = probingCircuit();
    breaker.acquire().succeed();
    expect(breaker.snapshot().successes).toBe(1);
  });

  it('with a result that the policy calls a failure has failed', () => {
    const { breaker } = circuit({ ...BRITTLE, isFailure: (result) => result === 503 });
    breaker.acquire().succeed(503);
    expect(breaker.state).toBe('open');
  });
});

describe('a permit that fails', () => {
  it('counts as a failure', () => {
    const { breaker } = circuit(BRITTLE);
    breaker.acquire().fail(new Error('down'));
    expect(breaker.state).toBe('open');
  });

  it('reopens a half-open circuit', () => {
    const { breaker } = probingCircuit();
    breaker.acquire().fail(new Error('down'));
    expect(breaker.state).toBe('open');
  });

  it('counts as nothing where its error is excluded', () => {
    const { breaker } = circuit({ ...BRITTLE, excludedErrors: TypeError });
    breaker.acquire().fail(new TypeError());
    expect(breaker.state).toBe('closed');
  });

  it('is told with its error', () => {
    const { breaker } = circuit();
    const failures = heard(breaker, 'failure');
    const error = new Error('down');
    breaker.acquire().fail(error);
    expect(failures).toEqual([expect.objectContaining({ error })]);
  });
});

describe('a permit that is ignored', () => {
  it('counts as nothing', () => {
    const { breaker } = circuit();
    fail(breaker);
    breaker.acquire().ignore();
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('gives the place of a probe back', () => {
    const { breaker } = probingCircuit(onePermit);
    breaker.acquire().ignore();
    expect(startCall(breaker).admitted).toBe(true);
  });
});

describe('a permit that is used up', () => {
  it('does not count a second time', () => {
    const { breaker } = circuit();
    const permit = breaker.acquire();
    permit.fail(new Error('one'));
    permit.fail(new Error('two'));
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('does not count differently a second time', () => {
    const { breaker } = circuit();
    const permit = breaker.acquire();
    permit.fail(new Error('down'));
    permit.succeed();
    expect(breaker.snapshot().failures).toBe(1);
  });

  it('gives no second place back', () => {
    const { breaker } = probingCircuit({ halfOpen: { permits: 2 }, successThreshold: 5 });
    const permit = breaker.acquire();
    startCall(breaker);
    permit.succeed();
    startCall(breaker);
    permit.ignore();
    expect(startCall(breaker).admitted).toBe(false);
  });
});

describe('a permit with using', () => {
  it('is given back at the end of the block', () => {
    const { breaker } = probingCircuit(onePermit);
    const block = () => {
      using permit = breaker.acquire();
      return permit;
    };
    block();
    expect(startCall(breaker).admitted).toBe(true);
  });

  it('keeps what was said of it within the block', () => {
    const { breaker } = probingCircuit({ ...onePermit, successThreshold: 1 });
    {
      using permit = breaker.acquire();
      permit.succeed();
    }
    expect(breaker.state).toBe('closed');
  });

  it('counts as nothing where the block throws', () => {
    const { breaker } = circuit(BRITTLE);
    const block = () => {
      using permit = breaker.acquire();
      throw Object.assign(new Error('mine'), { permit });
    };
    expect(block).toThrow('mine');
    expect(breaker.state).toBe('closed');
  });
});

describe('a permit that is dropped', () => {
  it('counts as nothing while the circuit is closed', () => {
    const { breaker, clock } = circuit(BRITTLE);
    breaker.acquire();
    clock.advance(86_400_000);
    succeed(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('has failed as a probe once it expires', () => {
    const { breaker, clock } = probingCircuit(onePermit);
    breaker.acquire();
    clock.advance(100);
    succeed(breaker);
    expect(breaker.state).toBe('open');
  });
});
