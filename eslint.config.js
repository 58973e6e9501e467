import { fileURLToPath } from 'node:url';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';
import { importRules, purityRules } from './src/commands/house.mjs';
import svelteConfig from './svelte.config.js';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig(
  globalIgnores([
    'build/',
    '.svelte-kit/',
    'src/lib/i18n/paraglide/',
    'static/relay.js',
    'static/track.js',
    'test-results/',
    'playwright-report/',
    'coverage/',
    // A house built to break the rules; house.test.ts lints it.
    'tests/fixtures/house/',
    // These have packages of their own, which are not installed with the others.
    'tests/lighthouse/',
    'tests/oracles/',
    'tests/remotes/couchdb.mjs',
    'tests/remotes/s3.mjs'
  ]),
  {
    name: 'typescript',
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    extends: [ts.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }
      ],
      // A port has asynchronous methods that one implementation answers at once.
      '@typescript-eslint/require-await': 'off',
      // A patch takes keys out of rows.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // defineTrigger and its kin infer through parameters that occur once.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off'
    }
  },
  {
    name: 'svelte',
    files: ['**/*.svelte'],
    extends: [ts.configs.strict, svelte.configs.recommended],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig }
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'no-undef': 'off',
      'svelte/no-at-html-tags': 'error',
      'svelte/no-navigation-without-resolve': 'off'
    }
  },
  {
    name: 'tests',
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off'
    }
  },
  {
    name: 'plain JavaScript',
    files: ['**/*.mjs', '**/*.js'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: globals.node }
  },
  {
    name: 'service worker, which has a tsconfig of its own',
    files: ['src/service-worker.ts'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } }
  },
  ...importRules({ root, project: `${root}tsconfig.json` }),
  purityRules
);
