import { SEALING, type ShownAnswers } from '$lib/core/pages';

/**
 * As core/pages.ts says. The nonce is a function of key and text, so that a message that is sent once more is the same: of two nonces that
 * are equal the texts are too.
 */
export async function sealed(answers: ShownAnswers, siteKey: string): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(answers));
  const raw = await hmac(siteKey, new TextEncoder().encode(SEALING));
  const nonce = (
    await hmac(siteKey, new Uint8Array([...new TextEncoder().encode(`${SEALING}: nonce\n`), ...text]))
  ).slice(0, 12);
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, text);
  return base64url(new Uint8Array([...nonce, ...new Uint8Array(encrypted)]));
}

/** HMAC-SHA-256, with any text as the key. */
export async function hmac(key: string, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const signing = await crypto.subtle.importKey('raw', new TextEncoder().encode(key), usage, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', signing, message));
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
