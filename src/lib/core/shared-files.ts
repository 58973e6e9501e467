/* How the service worker keeps files that were shared to the app until a page takes them. */

/** The address that other apps share to: a POST, as the manifest says. */
export const SHARE_ADDRESS = '/share';
/** The page that is shown then, and when a file is opened with the app. */
export const OPENED_ADDRESS = '/opened';
/** The cache of files that nobody has taken yet. */
export const SHARED_CACHE = 'ricochet-shared';
/** Holds the file's name, percent-encoded. */
export const NAME_HEADER = 'x-file-name';
