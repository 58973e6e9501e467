import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';
import { staticSite } from './src/commands/static-site.mjs';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: staticSite(),
    // Registered by src/lib/app/updates.svelte.ts, which asks before it updates.
    serviceWorker: { register: false }
  }
};
