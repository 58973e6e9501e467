import { isSame } from '../same';
import { base64ToBytes, isHmac } from './hmac';
import type { Signature } from './signature';

/**
 * Twilio, 'Webhooks Security': an HMAC in base64, with the Auth Token, of the address and the sorted names and values of the form. Where
 * JSON is posted the form is empty, and the address holds a digest of the body as `bodySHA256`.
 */
export const twilio: Signature = {
  isRight: async ({ url, headers, body }, secret) => {
    const digest = new URL(url).searchParams.get('bodySHA256');
    if (digest !== null && !(await isSame(digest.toLowerCase(), await sha256(body)))) return false;
    const given = base64ToBytes(headers.get('x-twilio-signature') ?? '');
    return isHmac('SHA-1', secret, url + (digest === null ? sortedForm(body) : ''), given);
  }
};

/** As its own libraries sort: by name, values of the same name by value and each once. */
function sortedForm(body: string): string {
  const form = new URLSearchParams(body);
  return [...new Set(form.keys())]
    .sort()
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
    .join('');
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
