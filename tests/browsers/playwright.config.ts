import { defineConfig } from '@playwright/test';

// Playwright only runs and reports: it cannot drive these browsers.
export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/browsers',
  timeout: 240_000,
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0,
  reporter: 'line'
});
