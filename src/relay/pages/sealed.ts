import { SEALING, shownAnswers, type ShownAnswers } from '$lib/core/pages';
import * as v from 'valibot';
import { jsonOf, textOf } from '../bodies';
import { base64urlToBytes } from './tokens';

const NONCE = 12;

/** What the app has encrypted for this page with the site's key; null where it has not. */
export async function answersIn(sealed: string, siteKey: string): Promise<ShownAnswers | null> {
  const bytes = base64urlToBytes(sealed);
  if (bytes === null) return null;
  const text = await crypto.subtle
    .decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, NONCE) }, await keyOf(siteKey), bytes.subarray(NONCE))
    .then((plain) => textOf(new Uint8Array(plain)))
    .catch(() => null);
  const parsed = v.safeParse(shownAnswers, jsonOf(text));
  return parsed.success ? parsed.output : null;
}

async function keyOf(siteKey: string): Promise<CryptoKey> {
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const signing = await crypto.subtle.importKey('raw', new TextEncoder().encode(siteKey), usage, false, ['sign']);
  const raw = await crypto.subtle.sign('HMAC', signing, new TextEncoder().encode(SEALING));
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
}
