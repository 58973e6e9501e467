import { base64ToBytes } from './hmac';
import type { Signature } from './signature';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * SendGrid, 'Getting Started with the Event Webhook Security Features': ECDSA over P-256 of the timestamp and the body. The secret is its
 * Verification Key, a public key in base64.
 */
export const sendgrid: Signature = {
  isRight: async ({ headers, body }, secret) => {
    const time = headers.get('x-twilio-email-event-webhook-timestamp');
    const signature = rawOf(base64ToBytes(headers.get('x-twilio-email-event-webhook-signature') ?? ''));
    const key = await keyOf(secret);
    if (time === null || signature === null || key === null) return false;
    return crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      signature,
      new TextEncoder().encode(time + body)
    );
  }
};

async function keyOf(secret: string): Promise<CryptoKey | null> {
  const spki = base64ToBytes(secret.replace(/-----[^-]+-----|\s/g, ''));
  try {
    if (spki === null) return null;
    return await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  } catch {
    return null;
  }
}

/** From DER, a SEQUENCE of two INTEGERs, to the two of 32 bytes that Web Crypto wants. */
function rawOf(der: Bytes | null): Bytes | null {
  if (der?.[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const r = integerAt(der, 2);
  const s = r && integerAt(der, r.end);
  if (!r || s?.end !== der.length) return null;
  const raw = new Uint8Array(64);
  raw.set(r.bytes, 32 - r.bytes.length);
  raw.set(s.bytes, 64 - s.bytes.length);
  return raw;
}

function integerAt(der: Bytes, at: number): { readonly bytes: Bytes; readonly end: number } | null {
  const end = at + 2 + (der[at + 1] ?? 0);
  if (der[at] !== 0x02 || end > der.length) return null;
  let start = at + 2;
  // A zero in front says that the number is not negative.
  while (start < end && der[start] === 0) start++;
  return end - start > 32 ? null : { bytes: der.slice(start, end), end };
}
