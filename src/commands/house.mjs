// The law of the house as ESLint configuration: who may import whom, and what the pure folders must not do.
// eslint.config.js applies it to the project; house.test.ts applies it to a small house built to break it.
import boundaries from 'eslint-plugin-boundaries';

/** Folders that get time, ids and randomness as arguments. */
export const pureFolders = ['core', 'filters', 'engine', 'catalogue', 'records', 'messages', 'gallery'];

const everythingBelowTheScreens = [
  'core',
  'filters',
  'engine',
  'catalogue',
  'records',
  'messages',
  'providers',
  'sources',
  'storage',
  'sync',
  'worker',
  'i18n'
];

const screenParts = ['core', 'filters', 'records', 'messages', 'catalogue', 'gallery', 'engine', 'app', 'ui', 'i18n'];

/**
 * What each folder may import beside itself; `types` may only be imported as types.
 * @type {Record<string, { values?: string[], types?: string[] }>}
 */
export const mayImport = {
  core: {},
  i18n: {},
  ui: { values: ['i18n'] },
  filters: { values: ['core'] },
  records: { values: ['core', 'filters'] },
  messages: { values: ['core', 'filters'] },
  engine: { values: ['core', 'filters'], types: ['records'] },
  catalogue: { values: ['core', 'filters', 'records'], types: ['messages'] },
  gallery: { values: ['core', 'records'] },
  providers: { values: ['core'] },
  sources: { values: ['core'] },
  relay: { values: ['core'] },
  tracker: { values: ['core'] },
  storage: { values: ['core', 'filters', 'records'] },
  sync: { values: ['core', 'storage'] },
  worker: { values: everythingBelowTheScreens },
  'service-worker': { values: everythingBelowTheScreens },
  app: { values: ['core', 'records', 'filters', 'storage', 'i18n'], types: ['worker'] },
  views: { values: screenParts },
  editor: { values: [...screenParts, 'views'] },
  routes: { values: ['app', 'editor', 'views', 'ui', 'i18n', 'catalogue', 'records', 'core'] },
  commands: { values: everythingBelowTheScreens },
  outside: {
    values: [...everythingBelowTheScreens, 'app', 'views', 'editor', 'ui', 'routes', 'commands', 'relay', 'tracker']
  }
};

/** What tests may import beyond their folder: the simulation runs the whole engine, and fixtures and loopback servers live in tests/. */
const testsMayImport = {
  engine: ['records', 'catalogue', 'storage', 'worker', 'messages'],
  catalogue: ['engine', 'storage', 'worker', 'messages', 'commands'],
  records: ['storage'],
  gallery: ['catalogue', 'engine', 'storage', 'worker', 'messages', 'views', 'i18n'],
  i18n: ['commands'],
  relay: ['commands'],
  sync: ['commands'],
  tracker: ['commands']
};

/** Where a folder's files are. */
const placeOf = (/** @type {string} */ folder) =>
  ({
    routes: ['src/routes/**', 'src/hooks.*.ts'],
    relay: ['src/relay/**'],
    tracker: ['src/tracker/**'],
    commands: ['src/commands/**'],
    'service-worker': ['src/service-worker.ts'],
    outside: ['tests/**']
  })[folder] ?? [`src/lib/${folder}/**`];

const test = '**/*.test.ts';
const named = (/** @type {string | string[]} */ categories) => ({ file: { categories } });
const anyOf = (/** @type {string[]} */ categories) => ({ file: { categories: { anyOf: categories } } });

/**
 * @param {string} folder
 * @param {{ isTest: boolean }} kind
 */
function policiesOf(folder, { isTest }) {
  const { values = [], types = [] } = mayImport[folder] ?? {};
  /** @type {Record<string, string[]>} */
  const more = testsMayImport;
  return [
    { allow: { to: anyOf([folder, ...values]) } },
    ...(types.length > 0 ? [{ allow: { to: anyOf(types), dependency: { kind: 'type' } } }] : []),
    // The client starts the worker; it never runs its code on the main thread.
    ...(folder === 'app' ? [{ allow: { to: named('worker'), dependency: { source: '*/worker/**?worker' } } }] : []),
    folder === 'outside' ? { allow: { to: named('test') } } : { disallow: { to: named('test') } },
    ...(isTest ? [{ allow: { to: anyOf(['outside', ...(more[folder] ?? [])]) } }] : [])
  ];
}

/**
 * Import rules for the house at `root`, where `project` is the tsconfig that knows `$lib`: a configuration for each folder, since
 * trying every folder's rules on each import takes a third of the linter's time.
 * @param {{ root: string, project: string }} place
 * @returns {import('eslint').Linter.Config[]}
 */
export function importRules({ root, project }) {
  const folders = Object.keys(mayImport);
  /**
   * @param {object[]} policies
   * @returns {import('eslint').Linter.RulesRecord}
   */
  const rules = (policies) => ({
    'boundaries/dependencies': [
      'error',
      {
        default: 'disallow',
        message: 'The house does not let this file import that one: see who may import whom in src/commands/house.mjs',
        policies
      }
    ]
  });
  return [
    {
      name: 'house/imports',
      files: ['**/*.ts', '**/*.svelte', '**/*.mjs', '**/*.js'],
      plugins: { boundaries },
      settings: {
        'boundaries/root-path': root,
        'boundaries/files': [
          ...folders.flatMap((category) => placeOf(category).map((pattern) => ({ category, pattern }))),
          { category: 'test', pattern: test }
        ],
        'import/resolver': { typescript: { project, alwaysTryTypes: false } }
      },
      rules: rules([])
    },
    ...folders.map((folder) => ({
      name: `house/imports of ${folder}`,
      files: placeOf(folder),
      rules: rules(policiesOf(folder, { isTest: false }))
    })),
    ...folders.map((folder) => ({
      name: `house/imports of the tests of ${folder}`,
      // Both must match.
      files: placeOf(folder).map((place) => [place, test]),
      rules: rules(policiesOf(folder, { isTest: true }))
    }))
  ];
}

const clock = 'A pure folder gets the time as an argument (now).';
const chance = 'A pure folder gets ids and randomness as arguments.';

/** @type {import('eslint').Linter.Config} */
export const purityRules = {
  name: 'house/purity',
  files: pureFolders.map((folder) => `src/lib/${folder}/**/*.ts`),
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: clock },
      { object: 'performance', property: 'now', message: clock },
      { object: 'Math', property: 'random', message: chance },
      { property: 'randomUUID', message: chance },
      { property: 'getRandomValues', message: chance }
    ],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock },
      { selector: "CallExpression[callee.name='Date']", message: clock },
      { selector: "MemberExpression[object.name='Temporal'][property.name='Now']", message: clock }
    ]
  }
};
