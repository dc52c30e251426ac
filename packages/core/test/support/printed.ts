import { execFile } from 'node:child_process';

/** What a program prints that runs by itself, as an ES module, on the build: for what Jest's own doings would hide. */
export function printed(program: string): Promise<string> {
  const args = ['--input-type=module', '--eval', program];
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: import.meta.dirname, timeout: 20_000 },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout.trim()) : reject(new Error(stderr || error.message)),
    );
  });
}
