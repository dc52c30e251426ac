import { Bulkhead, CircuitBreaker, Timeout } from '@switchgear/decorators';

/** A method that only its class can see; legacy decorators cannot stand there. */
class Vault {
  @CircuitBreaker({ key: 'vault', failureThreshold: 2 })
  async #unlock(pin: string): Promise<string> {
    throw new Error(`wrong pin ${pin}`);
  }

  @Bulkhead(1)
  @Timeout('5s')
  async #look(): Promise<string> {
    return 'gold';
  }

  look(): Promise<string> {
    return this.#look();
  }

  async open(pin: string): Promise<string> {
    return this.#unlock(pin).catch((error: Error & { code?: string }) => error.code ?? error.message);
  }
}

async function main(): Promise<void> {
  const vault = new Vault();
  for (const pin of ['1111', '2222', '3333']) console.log(await vault.open(pin));
  console.log(
    (await Promise.allSettled([vault.look(), vault.look()])).map(({ status }) => status).join(', '),
  );
}

void main();
