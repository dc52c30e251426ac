import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker, Retry } from '@switchgear/decorators';
import { BRITTLE, manualCircuits } from '../support/manual-circuits.js';
import { errorOf, outcomeOf } from '../support/outcome-of.js';

manualCircuits();

class Vault {
  readonly title: string;
  readonly #pin: string;
  #attempts = 0;

  constructor(title = 'vault', pin = '1234') {
    this.title = title;
    this.#pin = pin;
  }

  @CircuitBreaker(BRITTLE)
  async #unlock(pin: string): Promise<string> {
    if (pin !== this.#pin) throw new Error('wrong pin');
    return this.title;
  }

  @CircuitBreaker(BRITTLE)
  static #check(pin: string): string {
    if (pin.length !== 4) throw new Error('no pin');
    return pin;
  }

  @Retry({ initialDelay: 0 })
  async #retry(): Promise<number> {
    if (++this.#attempts < 3) throw new Error('not yet');
    return this.#attempts;
  }

  /** It has the name of the private one, but for the language. */
  @CircuitBreaker(BRITTLE)
  ['#unlock'](): string {
    return 'public';
  }

  open(pin: string): Promise<string> {
    return this.#unlock(pin);
  }

  static check(pin: string): string {
    return Vault.#check(pin);
  }

  retry(): Promise<number> {
    return this.#retry();
  }
}

class SubVault extends Vault {
  override async open(pin: string): Promise<string> {
    return `sub ${await super.open(pin)}`;
  }
}

describe('a #private method', () => {
  it('is called with its this and its arguments', async () => {
    expect([await new Vault('one').open('1234'), await new Vault('other', '0').open('0')]).toEqual([
      'one',
      'other',
    ]);
  });

  it('has a circuit that all instances share', async () => {
    await outcomeOf(() => new Vault().open('0000'));
    expect(await outcomeOf(() => new Vault().open('1234'))).toBe('ERR_CIRCUIT_OPEN');
  });

  it('has a circuit that subclasses share', async () => {
    await outcomeOf(() => new SubVault().open('0000'));
    expect(await outcomeOf(() => new Vault().open('1234'))).toBe('ERR_CIRCUIT_OPEN');
  });

  it('is shown with its class and its #', async () => {
    await outcomeOf(() => new SubVault().open('0000'));
    expect(await errorOf(() => new SubVault().open('1234'))).toMatchObject({
      message: expect.stringContaining('"Vault.#unlock" is open'),
    });
  });

  it('shares no circuit with a public method whose name begins with #', async () => {
    await outcomeOf(() => new Vault().open('0000'));
    expect(new Vault()['#unlock']()).toBe('public');
  });

  it('is tried again', async () => {
    expect(await new Vault().retry()).toBe(3);
  });
});

describe('a static #private method', () => {
  it('is guarded', async () => {
    expect(Vault.check('1234')).toBe('1234');
    await outcomeOf(() => Vault.check('1'));
    expect(await outcomeOf(() => Vault.check('1234'))).toBe('ERR_CIRCUIT_OPEN');
  });

  it('is shown with its class and its #', async () => {
    await outcomeOf(() => Vault.check('1'));
    expect(await errorOf(() => Vault.check('1234'))).toMatchObject({
      message: expect.stringContaining('"Vault.#check" is open'),
    });
  });
});
