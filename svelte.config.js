import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { staticSite } from './src/commands/static-site.mjs';

// Whatever loads this while a build runs (tests, another check) writes the same version: two would not start each other's app.
process.env.RICOCHET_VERSION ??= String(Date.now());

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: staticSite(),
    version: { name: process.env.RICOCHET_VERSION },
    // Registered by src/lib/app/updates.svelte.ts, which asks before it updates.
    serviceWorker: { register: false }
  }
};
