import tailwindcss from '@tailwindcss/vite';
import { sveltekit } from '@sveltejs/kit/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * mjml-browser looks for the global object by `Function('return this')()`, which the policy refuses and reports. It catches that and
 * goes on, so the same object can be given to it at once.
 */
const withoutEval: Plugin = {
  name: 'mjml-browser-without-eval',
  transform: {
    filter: { id: /mjml-browser/ },
    handler: (code) => code.replaceAll(/(?:new )?Function\("return this"\)\(\)/g, 'globalThis')
  }
};

export default defineConfig({
  plugins: [withoutEval, tailwindcss(), sveltekit()],
  worker: { format: 'es' },
  // Its package says nothing of modules to Node.
  ssr: { noExternal: ['rrule'] },
  build: {
    target: 'es2022',
    // Themes are light-dark() pairs; for older targets they would be rewritten into a trick that ignores a chosen theme.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5']
  },
  test: {
    server: { deps: { inline: ['rrule'] } },
    // In `npm test` they have what the browser tests leave of a small computer: five seconds of work took more than two minutes there. These
    // are for what hangs.
    testTimeout: 600_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          // A file that leaves nothing behind need not load everything anew, which took half of the time.
          isolate: false,
          setupFiles: ['tests/setup.ts'],
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'src/**/*.svelte.test.ts', 'tests/fixtures/**']
        }
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'component',
          environment: 'jsdom',
          isolate: false,
          setupFiles: ['tests/setup.ts', 'tests/texts.ts', 'tests/components/setup.ts'],
          include: ['src/**/*.svelte.test.ts']
        }
      }
    ]
  }
});
