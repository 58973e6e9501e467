import tailwindcss from '@tailwindcss/vite';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // Themes are light-dark() pairs; for older targets they would be rewritten into a trick that ignores a chosen theme.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5']
  },
  test: {
    // Two checks run at once on a small computer.
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
          exclude: ['src/**/*.svelte.test.ts', 'tests/fixtures/**']
        }
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'component',
          environment: 'jsdom',
          setupFiles: ['tests/components/setup.ts'],
          include: ['src/**/*.svelte.test.ts']
        }
      }
    ]
  }
});
