import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what servers write; it goes with the run. */
export const scratch = mkdtempSync(join(tmpdir(), 'switchgear-clients-'));

process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
