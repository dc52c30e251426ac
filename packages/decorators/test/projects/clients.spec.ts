import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import { Workplace } from './workplace.js';

/*
 * The clients that people use, against servers that go wrong: what retry and circuit make of each is compared with what a user
 * of that client expects, and the page shows it. The project `clients` has a file for each client, fault and server.
 */
const PAGE = 'docs/clients.md';
const BEGIN = '<!-- Written by `npm run clients`; what is changed by hand below is lost. -->';

interface Report {
  readonly unexplained: readonly string[];
  readonly idleNotes: readonly string[];
  readonly failedLoads: readonly unknown[];
  readonly strays: readonly string[];
}

let workplace: Workplace;
let report: Report;
let tables: string;

beforeAll(async () => {
  workplace = new Workplace();
  workplace.install('clients');
  await workplace.installed('clients');
  await workplace.run('clients', 'start');
  report = JSON.parse(workplace.written('clients', 'report.json')) as Report;
  tables = workplace.written('clients', 'tables.md');
}, 900_000);

afterAll(() => workplace.close(), 600_000);

describe('retry and circuit around real clients', () => {
  it('do what the user of each client expects, or the page says why not', () => {
    expect(report.unexplained).toEqual([]);
  });

  it('count each call once while a server is killed under load, open, and close when it is back', () => {
    expect(report.failedLoads).toEqual([]);
  });

  it('leave no rejection that no one hears', () => {
    expect(report.strays).toEqual([]);
  });
});

describe('the page of clients', () => {
  it('explains no difference that is gone', () => {
    expect(report.idleNotes).toEqual([]);
  });

  it('has what the run gives: where it does not, it has been written anew, to be looked at and committed', async () => {
    const page = readFileSync(PAGE, 'utf8');
    const [head = ''] = page.split(BEGIN);
    const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
    const current = await format(`${head}${BEGIN}\n\n${tables}\n`, options);
    if (current !== page) writeFileSync(PAGE, current);
    expect(current).toBe(page);
  });
});
