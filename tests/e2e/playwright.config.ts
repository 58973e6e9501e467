import { defineConfig } from '@playwright/test';

/** Tests by which nothing but accessibility is shown, by their files or their tags. */
const ACCESSIBILITY = /\b(accessibility|focus)\.spec|@accessibility/;

export default defineConfig({
  testDir: '.',
  projects: [
    // One after the other: they measure seconds.
    { name: 'killed', testDir: 'killed', fullyParallel: false, workers: 1 },
    {
      name: 'app',
      testIgnore: 'killed/**',
      // Every screen, and everything that opens: minutes on a slow computer, so `npm run test:accessibility` runs them.
      ...(process.env.ACCESSIBILITY ? {} : { grepInvert: ACCESSIBILITY })
    }
  ],
  outputDir: '../../test-results/playwright',
  // One picture for all machines: what is drawn for it is the same on each.
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  // A busy computer takes several times as long as a quiet one, and is no failure of the app.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // As many as a small computer has processors: a third one takes no time off, and has every test look more often at what is not there yet.
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
