import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  // Every screen, and everything that opens: minutes on a slow computer, so `npm run test:accessibility` runs them.
  testIgnore: process.env.ACCESSIBILITY ? [] : ['accessibility.spec.ts', 'focus.spec.ts'],
  outputDir: '../../test-results/playwright',
  // One picture for all machines: what is drawn for it is the same on each.
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  // A busy computer takes several times as long as a quiet one, and is no failure of the app.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0,
  reporter: 'line',
  use: {
    serviceWorkers: 'block',
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    viewport: { width: 1280, height: 800 }
  }
});
