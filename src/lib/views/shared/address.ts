import { resolve } from '$app/paths';

/** The address of a screen, with its query. */
export function address(path: `/${string}`): string {
  // Its own type knows the routes by their patterns only.
  return resolve(path as '/');
}
