import { circuitOf, policiesOf } from '@switchgear/decorators';
import { Api, Archive, Crm, Geocoder, Payments, Rates, StreetGeocoder } from './service.js';

/** What the services do while their API is up, down, and up again; the same under every compiler. */
export async function report(): Promise<string> {
  const lines: string[] = [];
  const say = (line: string): number => lines.push(`  ${line}`);
  const show = async (call: Promise<string>): Promise<number> => say(await call.catch(describe));
  const showPolicies = (what: string, policies: ReturnType<typeof policiesOf>): number =>
    say(`${what}: ${policies.map(({ kind }) => kind).join(', ') || 'none'}`);

  const api = new Api();
  const geocoder = new Geocoder(api);
  lines.push('two methods share a circuit');
  await show(geocoder.lookup('Vienna'));
  api.failures = 3;
  for (let i = 0; i < 3; i++) await show(geocoder.lookup('Vienna'));
  await show(geocoder.reverse(48.2, 16.4));
  say(`${circuitOf(geocoder, 'reverse')?.key} is ${circuitOf(geocoder, 'reverse')?.state}`);
  say(`the API was called ${api.calls} times`);

  lines.push('so does a subclass');
  const streets = new StreetGeocoder(api);
  await show(streets.lookup('Abbey'));
  await show(streets.reverse(51.5, -0.2));
  circuitOf(geocoder, 'lookup')?.force('closed');
  await show(streets.lookup('Abbey'));

  lines.push('calls are tried again');
  const payments = new Payments(new Api());
  payments.api.failures = 2;
  await show(payments.charge(9, 'EUR'));
  say(`the API was called ${payments.api.calls} times`);

  lines.push('a circuit without a key is of one method, whatever the instance');
  const others = new Payments(new Api());
  others.api.failures = 9;
  await show(others.charge(1, 'EUR'));
  await show(others.charge(2, 'EUR'));
  await show(payments.charge(3, 'EUR'));
  // Where the method stands is said after its name, and differs by compiler.
  say(`${circuitOf(payments, 'charge')?.key.split(' ')[0]} is ${circuitOf(payments, 'charge')?.state}`);

  lines.push('each tenant has a circuit');
  const crm = new Crm(new Api());
  crm.api.failures = 1;
  await show(crm.contacts('acme'));
  await show(crm.contacts('acme'));
  await show(crm.contacts('globex', 2));
  for (const tenant of ['acme', 'globex', 'initech'])
    say(`crm:${tenant} is ${circuitOf(crm, 'contacts', tenant)?.state ?? 'not made yet'}`);

  lines.push('static methods');
  Rates.api.failures = 1;
  await show(Rates.of('USD'));
  await show(Rates.of('USD'));

  lines.push('calls have a time, and a place');
  const archive = new Archive(new Api());
  archive.hangs = 1;
  const found = archive.find('Faust');
  await show(archive.find('Emma'));
  await show(found);
  await show(Archive.close());
  say(`${archive.depth(1)} level`);
  await show(Promise.resolve(3).then((levels) => String(archive.depth(levels))));

  lines.push('policies can be read back');
  showPolicies('find', policiesOf(Archive, 'find'));
  showPolicies('charge', policiesOf(Payments, 'charge'));
  showPolicies('reverse, inherited', policiesOf(StreetGeocoder, 'reverse'));
  showPolicies('lookup, overridden', policiesOf(StreetGeocoder, 'lookup'));
  showPolicies('the class', policiesOf(StreetGeocoder));

  lines.push('methods keep their names and lengths');
  for (const method of [
    geocoder.lookup,
    geocoder.reverse,
    payments.charge,
    crm.contacts,
    Rates.of,
    archive.find,
  ])
    say(`${method.name}/${method.length}`);
  return lines.join('\n');
}

function describe(error: unknown): string {
  const { name, code, message } = error as Error & { code?: string };
  return `${name}: ${code ?? message}`;
}
