// .oxlintrc.json has the rules that need types.
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
    extends: [ts.configs.strict],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }
      ],
      // A patch takes keys out of rows.
      '@typescript-eslint/no-dynamic-delete': 'off'
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
      '@typescript-eslint/no-non-null-assertion': 'off'
    }
  },
  {
    name: 'plain JavaScript',
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: globals.node }
  },
  ...importRules({ root, project: `${root}tsconfig.json` }),
  purityRules
);
