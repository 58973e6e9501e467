/** What the page asks the browser to wake the service worker for (Background Sync, Periodic Background Sync). */
export const WAKE_TAG = 'look';
