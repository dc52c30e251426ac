import { expect, it } from '@jest/globals';
import { circuitOf, CircuitBreaker } from '@switchgear/decorators';

class Geocoder {
  @CircuitBreaker({ failureThreshold: 1 })
  async lookup(address: string): Promise<string> {
    return address;
  }
}

it('a decorated method is called', async () => {
  expect(await new Geocoder().lookup('Vienna')).toBe('Vienna');
  expect(circuitOf(Geocoder, 'lookup')?.key).toContain('Geocoder.lookup');
});
