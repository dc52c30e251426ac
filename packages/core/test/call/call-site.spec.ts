import { execFileSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { callerFrame, callSite, type Frame } from '../../src/call/call-site.js';

const kit = pathToFileURL(fileURLToPath(new URL('../../dist/esm/kit/index.js', import.meta.url)));

function frameOfCaller(): Frame | undefined {
  return callerFrame(frameOfCaller);
}

function siteOfCaller(): string {
  return callSite(siteOfCaller);
}

describe('callerFrame', () => {
  it('names the file, line and column of the caller', () => {
    expect(frameOfCaller()).toEqual({
      file: expect.stringMatching(/call-site\.spec\.[jt]s$/),
      line: expect.any(Number),
      column: expect.any(Number),
    });
  });

  it('names each line by itself', () => {
    const first = frameOfCaller();
    const second = frameOfCaller();
    expect(second?.line).toBe((first?.line ?? 0) + 1);
  });

  it('agrees with callSite', () => {
    const [frame, site] = [frameOfCaller(), siteOfCaller()];
    const file = frame?.file.replace(/^file:\/\//, '') ?? '';
    expect(site.startsWith(`${file}:${frame?.line}:`)).toBe(true);
  });

  it('has none for code that was evaluated', () => {
    const evaluate = runInThisContext('(of) => eval("of()")') as (of: () => unknown) => unknown;
    expect(evaluate(frameOfCaller)).toBeUndefined();
  });

  it('names the caller where the intrinsics are frozen', () => {
    const program = `
      import { callerFrame } from '${kit.href}';
      function own() { return callerFrame(own); }
      console.log(JSON.stringify(own()));`;
    const args = ['--frozen-intrinsics', '--no-warnings', '--input-type=module', '--eval', program];
    const frame = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Frame;
    expect(frame.line).toBe(4);
  });
});
