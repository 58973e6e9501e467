// The app lives in the browser: there is nothing to render on a server, and every route falls back to index.html.
export const ssr = false;
export const prerender = false;
