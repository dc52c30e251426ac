import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { cp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = process.cwd();
const here = join(root, 'packages/decorators/test/projects');

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder outside of this repository, in which nothing of it is found but the packed packages. */
export class Workplace {
  readonly #folder = mkdtempSync(join(tmpdir(), 'switchgear-projects-'));
  readonly #tarballs = this.#pack();
  readonly #installed = new Map<string, Promise<unknown>>();
  #last: Promise<unknown> = Promise.resolve();

  /** Packs what has been built. */
  async #pack(): Promise<readonly string[]> {
    const packages = ['./packages/core', './packages/decorators', './packages/executor'];
    await npm(root, 'pack', '--ignore-scripts', '--pack-destination', this.#folder, ...packages);
    return (await readdir(this.#folder))
      .filter((name) => name.endsWith('.tgz'))
      .map((name) => join(this.#folder, name));
  }

  /**
   * Makes a project of its folder here and a source, and installs what it depends on, when those before are installed. Without a
   * source, the project has its own.
   */
  install(project: string, source?: string): void {
    const folder = join(this.#folder, project);
    const installed = this.#last.then(async () => {
      const tarballs = await this.#tarballs;
      await cp(join(here, project), folder, { recursive: true });
      if (source !== undefined) await cp(join(here, source), join(folder, 'src'), { recursive: true });
      await cp(join(here, '../../test-types'), join(folder, 'types'), { recursive: true });
      const quietly = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock'];
      await npm(folder, 'install', ...quietly, ...tarballs);
    });
    this.#installed.set(project, installed);
    // Who waits for it hears of a failure; the next one is installed all the same.
    this.#last = installed.catch(() => undefined);
  }

  async installed(project: string): Promise<void> {
    await this.#installed.get(project);
  }

  run(project: string, script: string): Promise<Output> {
    return npm(join(this.#folder, project), 'run', '--silent', script);
  }

  /** What a script of a project has written. */
  written(project: string, file: string): string {
    return readFileSync(join(this.#folder, project, file), 'utf8');
  }

  async close(): Promise<void> {
    await this.#last;
    await rm(this.#folder, { recursive: true });
  }
}

/** What programs print, one after the other, by the texts beside them. */
export function printed(...texts: readonly string[]): string {
  return texts.map((text) => readFileSync(join(here, text), 'utf8')).join('');
}

function npm(cwd: string, ...args: readonly string[]): Promise<Output> {
  return new Promise((resolve, reject) => {
    // npm is a script in Windows, and needs a shell there.
    const shell = process.platform === 'win32';
    const limits = { timeout: 600_000, maxBuffer: 2 ** 26 };
    execFile('npm', args, { cwd, env: plainEnvironment(), shell, ...limits }, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${cwd}: npm ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}

/** The environment without what Jest and the npm that runs it have put there for themselves. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const foreign =
    /^(npm_(?!config_)|npm_config_(local_prefix|workspace)|node_options$|node_env$|jest_|force_color$)/i;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(own), NO_COLOR: '1' };
}
