import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const core = 'packages/core/src';

/** The ground of core: what every policy stands on, and which knows no policy. */
const ground = ['time', 'process', 'call', 'errors', 'options', 'events', 'failure', 'panel'];

/** The rooms of the circuit, from the bottom up. A file imports from its own room, those before it, and the ground. */
const circuit = ['memory', 'machine', 'policy', 'events', 'local', 'breaker', 'registry'];

/** The policies stand side by side: none imports another. */
const policies = ['bulkhead', 'circuit', 'deadline', 'rate-limit', 'retry', 'timeout'];

/** Functions of memory and now: no timers, no I/O, no clock and no randomness but those handed in. */
const pure = [
  'failure/*',
  'circuit/{memory,machine,policy}/*',
  'circuit/events/transition-log',
  'panel/{canonical,fingerprint,layout,memory,name-table,own-lines,permit-line,permits,permits-queue,record,record-key,segments,shape,text,thread-lines,usage-mark}',
  'rate-limit/{gcra,policy}',
  'bulkhead/{policy,snapshot}',
  'retry/{attempt-outcome,attempts,backoff,decision,policy,retryable}',
].map((files) => `${core}/${files}.ts`);

/** Of the files of `target`, none may import another file of core than those of `allowed`. */
const floor = (target, allowed, message) => ({
  target: target.map((files) => `${core}/${files}`),
  from: `${core}/**/*.ts`,
  except: [...target, ...allowed].map((files) => `**/${core}/${files}`),
  message,
});

const groundFiles = ground.map((room) => `${room}/**/*.ts`);

const floors = [
  floor(groundFiles, [], 'The ground knows no policy: it imports only from itself.'),
  floor(['circuit/*.ts'], [...groundFiles, 'circuit/**/*.ts'], 'The circuit stands on the ground.'),
  ...circuit.map((room, i) =>
    floor(
      [`circuit/${room}/*.ts`],
      [...groundFiles, 'circuit/!(index).ts', ...circuit.slice(0, i).map((below) => `circuit/${below}/*.ts`)],
      `A file of circuit/${room} imports from its own room, the ground, and ${circuit.slice(0, i).join(', ')}.`,
    ),
  ),
  ...policies
    .filter((policy) => policy !== 'circuit')
    .map((policy) =>
      floor([`${policy}/**/*.ts`], groundFiles, 'Policies stand side by side: none imports another.'),
    ),
  {
    target: `${core}/**/!(index).ts`,
    from: `${core}/{,*/}index.ts`,
    message: 'Import from the file that defines it; index.ts is the door for the outside.',
  },
];

export default defineConfig(
  globalIgnores(['**/dist/', 'coverage/', 'packages/*/test/projects/*/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // What all errors of a class say is a getter, and no field in each of them.
      '@typescript-eslint/class-literal-property-style': 'off',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Where circuits live is counted in cells, and so is most that is done there.
      '@typescript-eslint/prefer-for-of': 'off',
      // What a caller's function threw is passed on as it was, whatever it is.
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
    },
  },
  {
    files: ['*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', performance: 'readonly' } },
  },

  {
    files: ['packages/*/{src,test,test-types}/**/*.ts'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        createNodeResolver({ extensions: ['.ts', '.js'], extensionAlias: { '.js': ['.ts', '.js'] } }),
      ],
    },
    rules: {
      'import-x/no-default-export': 'error',
      // Another package is reached by its name, and so only through what its exports allow.
      'import-x/no-relative-packages': 'error',
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['packages/*/{src,test}/**/{utils,util,common,helpers,helper,types,misc}{,.*}.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'Program', message: 'Name the file after the one noun in it.' },
      ],
    },
  },

  {
    files: [`${core}/**/*.ts`],
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: floors }],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.|node:)', message: 'Core depends on nothing but Node.' }] },
      ],
    },
  },
  {
    files: pure,
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'process'].map(
          (name) => ({ name, message: 'The pure floor is given the time and keeps no timers.' }),
        ),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'The pure floor is given the time.',
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The pure floor is given its randomness.' },
        { object: 'Date', property: 'now', message: 'The pure floor is given the time.' },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.)', message: 'The pure floor imports nothing but its own house.' }] },
      ],
    },
  },

  {
    // Fake timers of tests replace these. What runs in the executor takes them from event-loop.ts, which takes them when it is loaded.
    files: ['packages/executor/src/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'queueMicrotask', 'performance']
          .concat(['Date', 'structuredClone'])
          .map((name) => ({ name, message: 'Fake timers would stop it: take it from event-loop.ts.' })),
      ],
    },
  },

  {
    // Specs throw what they like, and stand in for the functions of users, which may be async without an await.
    files: ['packages/*/{test,test-types}/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/require-await': 'off',
      // Methods are looked at as functions, and their names are what counts.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // What must not compile is written on purpose.
    files: ['packages/*/test-types/**/*.ts'],
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': { descriptionFormat: '^ \\S' } }],
      '@typescript-eslint/class-literal-property-style': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
