import { loadTexts, locale } from '$lib/i18n';
import type { LayoutLoad } from './$types';

// The app lives in the browser: there is nothing to render on a server, and every route falls back to index.html.
export const ssr = false;
export const prerender = false;

/** Before the first screen its words; the home screen does with a part of them. */
export const load: LayoutLoad = async ({ route }) => {
  await loadTexts(locale(), route.id === '/' ? ['shell'] : undefined);
};
