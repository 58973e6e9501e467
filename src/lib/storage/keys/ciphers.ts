import type { Secret } from '$lib/core/rows/messages';

/** How often PBKDF2 hashes a passphrase (OWASP's figure for SHA-256). */
export const ITERATIONS = 600_000;

/** Both parts in base64. */
export interface Sealed {
  readonly iv: string;
  readonly ciphertext: string;
}

/** AES-GCM with 256 bits. Never extractable: it can be used, not read. */
export function newKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** The key that a passphrase stands for. `salt` in base64. Slow on purpose. */
export async function keyFromPassphrase(passphrase: string, salt: string, iterations: number): Promise<CryptoKey> {
  const bits = await bitsOf(passphrase, salt, iterations);
  return crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** 256 bits of a passphrase, by PBKDF2 with SHA-256. */
async function bitsOf(passphrase: string, salt: string, iterations: number): Promise<ArrayBuffer> {
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const base = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']);
  return crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: toBytes(salt), iterations }, base, 256);
}

/** What a passphrase stands for: any number of keys are derived from it. It can be kept, and used, but not read. */
export interface SealingKey {
  readonly base: CryptoKey;
  /** In base64. */
  readonly salt: string;
  readonly iterations: number;
}

/** Slow on purpose. */
export async function sealingKey(passphrase: string, salt = newSalt(), iterations = ITERATIONS): Promise<SealingKey> {
  const bits = await bitsOf(passphrase, salt, iterations);
  return { base: await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']), salt, iterations };
}

/** The key that a secret of 32 random bytes stands for: HKDF, for there is nothing to guess. `salt` in base64. */
export async function keyFromSecret(secret: ArrayBuffer, salt: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: toBytes(salt), info: new TextEncoder().encode('ricochet passkey') },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt']
  );
}

/** `name` is bound to the text: what is sealed under one name does not open under another. */
export async function seal(key: CryptoKey, name: string, plain: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const parameters = { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(name) };
  const sealed = await crypto.subtle.encrypt(parameters, key, new TextEncoder().encode(plain));
  return { iv: toBase64(iv), ciphertext: toBase64(new Uint8Array(sealed)) };
}

/** Null where the key is another one or the text was touched. */
export async function unseal(key: CryptoKey, name: string, { iv, ciphertext }: Sealed): Promise<string | null> {
  try {
    const parameters = { name: 'AES-GCM', iv: toBytes(iv), additionalData: new TextEncoder().encode(name) };
    const plain = await crypto.subtle.decrypt(parameters, key, toBytes(ciphertext));
    return new TextDecoder().decode(plain);
  } catch {
    return null;
  }
}

export async function sealRow(key: CryptoKey, keyId: string, id: string, plain: string): Promise<Secret> {
  return { id, keyId, ...(await seal(key, id, plain)) };
}

export function newSalt(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(16)));
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}
