// Starts a program in every way in which people start theirs, by one Node, and prints what its workers say.
'use strict';
const { execFile } = require('node:child_process');
const { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { promisify } = require('node:util');
const { buildSync } = require('esbuild');

const run = promisify(execFile);
const [, , version] = process.argv;
const node = join(__dirname, 'node_modules', version, 'bin/node');
const major = Number(version.replace('node-', ''));
const at = (...parts) => join(__dirname, 'work', version, ...parts);

// The program as ES modules, as CommonJS, and as one bundled file.
for (const [kind, type] of Object.entries({ esm: 'module', cjs: 'commonjs' })) {
  cpSync(join(__dirname, 'src'), at(kind), { recursive: true });
  writeFileSync(at(kind, 'package.json'), JSON.stringify({ type }));
}
// The hooks of `require` look for the files that are there.
writeFileSync(
  at('cjs/main.ts'),
  readFileSync(at('cjs/main.ts'), 'utf8').replace('./service.js', './service'),
);
const tsconfig = {
  target: 'es2022',
  module: 'nodenext',
  skipLibCheck: true,
  experimentalDecorators: true,
  types: ['node'],
};
writeFileSync(at('tsconfig.json'), JSON.stringify({ compilerOptions: tsconfig }));
writeFileSync(at('register.cjs'), "(globalThis.preloads ??= []).push('-r');");
writeFileSync(at('import.mjs'), "(globalThis.preloads ??= []).push('--import');");
const codes = {
  'esbuild-register': "require('esbuild-register'); require('./main.ts');",
  'ts-node': "require('ts-node/register'); require('./main.ts');",
  'swc-node': "require('@swc-node/register'); require('./main.ts');",
  tsx: "require('tsx/cjs'); require('./main.ts');",
};
for (const [name, code] of Object.entries(codes)) writeFileSync(at(`cjs/${name}.cjs`), code);
writeFileSync(at('esm/tsx.mjs'), "import 'tsx/esm'; await import('./main.ts');");
mkdirSync(at('päth with späces'));
for (const [format, extension] of [
  ['esm', 'mjs'],
  ['cjs', 'cjs'],
]) {
  const outfile = at(`päth with späces/bundle.${extension}`);
  const target = 'node20';
  buildSync({
    entryPoints: [at('esm/main.ts')],
    outfile,
    format,
    target,
    bundle: true,
    platform: 'node',
    minify: true,
  });
}
mkdirSync(at('esm/node_modules/conditional'), { recursive: true });
const conditional = {
  name: 'conditional',
  type: 'module',
  exports: { special: './special.js', default: './default.js' },
};
writeFileSync(at('esm/node_modules/conditional/package.json'), JSON.stringify(conditional));
for (const name of ['special', 'default'])
  writeFileSync(at(`esm/node_modules/conditional/${name}.js`), `export const condition = '${name}';`);
symlinkSync(at('esm'), at('link'));
// As pnpm lays packages out: each in a folder of its own, with links to those that it depends on.
for (const name of ['core', 'executor']) {
  cpSync(
    join(__dirname, 'node_modules/@switchgear', name),
    at(`pnpm/node_modules/.pnpm/${name}/node_modules/@switchgear/${name}`),
    { recursive: true },
  );
  mkdirSync(at('pnpm/node_modules/@switchgear'), { recursive: true });
  symlinkSync(
    at(`pnpm/node_modules/.pnpm/${name}/node_modules/@switchgear/${name}`),
    at(`pnpm/node_modules/@switchgear/${name}`),
  );
}
symlinkSync(
  at('pnpm/node_modules/.pnpm/core/node_modules/@switchgear/core'),
  at('pnpm/node_modules/.pnpm/executor/node_modules/@switchgear/core'),
);
cpSync(at('esm'), at('pnpm/app'), { recursive: true });

const tsx = join(__dirname, 'node_modules/tsx/dist');
const permission = [
  major < 22 ? '--experimental-permission' : '--permission',
  '--allow-worker',
  '--allow-fs-read=*',
];
const commonJs = { TS_NODE_COMPILER_OPTIONS: '{"module":"commonjs","moduleResolution":"node"}' };
const preload = (options) => ({ EXECUTOR: JSON.stringify(options) });
const esm = 'esm/main.ts';
const cjs = 'cjs/main.ts';

/** By what is said of them: arguments of Node, and variables of the environment. */
const starts = {
  'tsx, ES modules': [[`${tsx}/cli.mjs`, esm]],
  'tsx, CommonJS': [[`${tsx}/cli.mjs`, cjs]],
  '--import tsx, ES modules': [['--import', 'tsx', esm]],
  '--import tsx, CommonJS': [['--import=tsx', cjs]],
  '--import tsx/esm': [['--import', 'tsx/esm', esm]],
  'NODE_OPTIONS=--import=tsx': [[esm], { NODE_OPTIONS: '--import=tsx' }],
  '-r tsx/cjs': [['-r', 'tsx/cjs', cjs]],
  '-r ts-node/register': [['-r', 'ts-node/register', cjs], commonJs],
  'NODE_OPTIONS=-r ts-node/register': [[cjs], { ...commonJs, NODE_OPTIONS: '-r ts-node/register' }],
  '--loader ts-node/esm': [['--loader', 'ts-node/esm', esm]],
  '-r esbuild-register': [['-r', 'esbuild-register', cjs]],
  '-r @swc-node/register': [['-r', '@swc-node/register', cjs]],
  '--import @swc-node/register/esm-register': [['--import', '@swc-node/register/esm-register', esm]],
  'code that requires esbuild-register': [['cjs/esbuild-register.cjs']],
  'code that requires ts-node/register': [['cjs/ts-node.cjs'], commonJs],
  'code that requires @swc-node/register': [['cjs/swc-node.cjs']],
  'code that requires tsx/cjs': [['cjs/tsx.cjs']],
  'code that imports tsx/esm, and the option preload': [['esm/tsx.mjs'], preload({ preload: ['tsx/esm'] })],
  'two preloads': [
    ['-r', './register.cjs', '--import', pathToFileURL(at('import.mjs')).href, '--import', 'tsx', esm],
  ],
  'two preloads and an environment of the workers': [
    ['-r', './register.cjs', '--import', './import.mjs', '--max-old-space-size=300', esm],
    { NODE_OPTIONS: '--import tsx --max-old-space-size=300', ...preload({ env: { OWN: 'x' } }) },
  ],
  'two preloads and inherit: false': [
    ['-r', './register.cjs', '--import', './import.mjs', '--import', 'tsx', '--max-old-space-size=300', esm],
    preload({ inherit: false, preload: ['tsx'] }),
  ],
  'a bundle in one ES module, in a path with spaces and umlauts': [['päth with späces/bundle.mjs']],
  'a bundle in one CommonJS module': [['päth with späces/bundle.cjs']],
  'a link': [['--import', 'tsx', 'link/main.ts']],
  'the layout of pnpm': [['--import', 'tsx', 'pnpm/app/main.ts']],
  'conditions and source maps': [
    ['--conditions', 'special', '--enable-source-maps', 'esm/plain.mjs'],
    { OWN: 'its own' },
  ],
  permissions: [[...permission, 'esm/plain.mjs']],
  'frozen intrinsics': [['--frozen-intrinsics', 'esm/plain.mjs']],
};

async function main() {
  const names = Object.keys(starts);
  const said = {};
  const work = async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) {
      const [args, env = {}] = starts[name];
      const environment = { ...process.env, NO_COLOR: '1', TS_NODE_TRANSPILE_ONLY: '1', ...env };
      const options = { cwd: at(), env: environment, timeout: 60_000 };
      const { stdout, stderr } = await run(node, args, options).catch((error) => error);
      said[name] = stdout.trim() || stderr.trim().slice(0, 500);
    }
  };
  const order = [...names];
  await Promise.all([work(), work()]);
  for (const name of order) console.log(`${name}: ${said[name]}`);
}

void main();
