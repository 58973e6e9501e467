import * as v from 'valibot';
import { parsedJson } from '$lib/core/json';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import type { RemotePlace } from './sync-types';

const VERSION = 1;

const versionSchema = v.object({ v: v.pipe(v.number(), v.safeInteger()) });
const placeSchema = v.object({
  v: v.literal(VERSION),
  remote: v.pipe(v.string(), v.minLength(1)),
  fields: v.record(v.string(), v.unknown())
});

/**
 * The link by which another device joins. `screen`: the address of that screen. The place stands after '#', as JSON in base64url (RFC
 * 4648): what is there, no browser sends to a server.
 */
export function joinLink(screen: string, { remote, fields }: RemotePlace): string {
  return `${screen}#${packed(JSON.stringify({ v: VERSION, remote, fields }))}`;
}

/** The place that a link, or what stands after its '#', leads to; refused with words where it leads to none. */
export function placeOf(link: string): Result<RemotePlace> {
  // Mail programs break long lines.
  const text = link.replace(/\s+/g, '');
  const said = parsedJson(unpacked(text.slice(text.indexOf('#') + 1)) ?? '');
  const place = v.safeParse(placeSchema, said);
  if (place.success) return ok({ remote: place.output.remote, fields: place.output.fields });
  const other = v.safeParse(versionSchema, said);
  const isNewer = other.success && other.output.v > VERSION;
  return failed(words(isNewer ? 'words.join.newer' : 'words.join.not_a_link'));
}

function packed(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Null where it is no text in base64url. */
function unpacked(text: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
