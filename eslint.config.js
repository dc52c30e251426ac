import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const core = 'packages/core/src';

/**
 * The floors of core, from the ground up. A file imports from its own floor and those below. What is not named here
 * stands on the floor above them; index.ts and testing.ts are the roof, which nothing imports. (Circular imports on
 * one floor are found by knip.)
 */
const ground = [
  '{call-site,circuit-name,clock,duration,errors,options,outcome,own-aborts,resemblance,singleton,thread}',
  'errors/*',
  'options/*',
];

/** Functions of memory and now: no timers, no I/O, no clock and no randomness but those handed in. */
const pure = [
  'events',
  'circuit/{policy,keyed-policy,call,panel,report}',
  'circuit/{word,state,machine,operator,permits,window,count-window,time-window}',
  'circuit/{memory,layout,place,use,segments,text,names,transitions,last-failure}',
  'retry/{attempts,backoff,policy,retryable}',
];

const roof = ['index', 'testing'];

const inCore = (names) => `${core}/{${names.join(',')}}.ts`;

const floors = [
  {
    target: inCore(ground),
    from: `${core}/**/*.ts`,
    except: [`**/${inCore(ground)}`],
    message: 'The ground floor imports only from itself.',
  },
  {
    target: inCore(pure),
    from: `${core}/**/*.ts`,
    except: [`**/${inCore([...ground, ...pure])}`],
    message: 'The pure floor imports only from itself and the ground floor.',
  },
  {
    target: `${core}/**/!(testing).ts`,
    from: inCore(roof),
    message: 'Import from the file that defines it; index.ts and testing.ts are for the outside.',
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
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
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
    files: [inCore(pure)],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'Date',
          'performance',
          'process',
        ].map((name) => ({ name, message: 'The pure floor is given the time and keeps no timers.' })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'The pure floor is given its randomness.' },
      ],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(?!\\.)', message: 'The pure floor imports nothing but its own house.' }] },
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
