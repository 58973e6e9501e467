/// <reference types="@sveltejs/kit" />
import { build, files, prerendered, version } from '$service-worker';
import { NAME_HEADER, OPENED_ADDRESS, SHARE_ADDRESS, SHARED_CACHE } from '$lib/core/shared-files';
import { WAKE_TAG } from '$lib/core/waking';
import { wake } from '$lib/worker/wake';
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

const worker = self as unknown as ServiceWorkerGlobalScope;

const page = '/index.html';
// Written after the build (src/commands/static-site.mjs), so SvelteKit does not list it.
const bootScript = '/_app/boot.js';
// For hosts only: they read it and do not serve it.
// Pictures of the app are for stores and browsers that offer to install it.
const published = files.filter((file) => file !== '/_headers' && !file.startsWith('/screenshots/'));

precacheAndRoute([
  ...build.map((url) => ({ url, revision: null })),
  ...[...published, ...prerendered, page, bootScript].map((url) => ({ url, revision: version }))
]);
cleanupOutdatedCaches();

// Every route is the one page.
registerRoute(new NavigationRoute(createHandlerBoundToURL(page)));

// What another app shares is kept for the page that is shown then; those that no page has taken give way.
registerRoute(
  ({ url }) => url.pathname === SHARE_ADDRESS,
  async ({ request }) => {
    const files = (await request.formData()).getAll('file').filter((part) => part instanceof File);
    await caches.delete(SHARED_CACHE);
    const cache = await caches.open(SHARED_CACHE);
    for (const [at, file] of files.entries()) {
      const headers = { 'content-type': file.type, [NAME_HEADER]: encodeURIComponent(file.name) };
      await cache.put(`${SHARE_ADDRESS}/${at}`, new Response(file, { headers }));
    }
    return Response.redirect(OPENED_ADDRESS, 303);
  },
  'POST'
);

// The first visit is served from here on; a later version waits until the person accepts it.
clientsClaim();
worker.addEventListener('message', ({ data }: ExtendableMessageEvent) => {
  if (data === 'SKIP_WAITING') void worker.skipWaiting();
});

// The connection is back, or some time has passed: with no page open, what is due is done from here.
for (const type of ['sync', 'periodicsync'])
  worker.addEventListener(type, (event) => {
    const woken = event as ExtendableEvent & { readonly tag: string };
    if (woken.tag === WAKE_TAG) woken.waitUntil(wake());
  });
