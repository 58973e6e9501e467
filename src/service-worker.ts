/// <reference types="@sveltejs/kit" />
import { build, files, prerendered, version } from '$service-worker';
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

const worker = self as unknown as ServiceWorkerGlobalScope;

const page = '/index.html';
// Written after the build (src/commands/static-site.mjs), so SvelteKit does not list it.
const bootScript = '/_app/boot.js';
// For hosts only: they read it and do not serve it.
const published = files.filter((file) => file !== '/_headers');

precacheAndRoute([
  ...build.map((url) => ({ url, revision: null })),
  ...[...published, ...prerendered, page, bootScript].map((url) => ({ url, revision: version }))
]);
cleanupOutdatedCaches();

// Every route is the one page.
registerRoute(new NavigationRoute(createHandlerBoundToURL(page)));

// The first visit is served from here on; a later version waits until the person accepts it.
clientsClaim();
worker.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  if (data === 'SKIP_WAITING') void worker.skipWaiting();
});
