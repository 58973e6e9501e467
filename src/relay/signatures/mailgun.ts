import { jsonOf } from '../bodies';
import { hexToBytes, isHmac } from './hmac';
import { isRecent, type Signature } from './signature';

/** It repeats for eight hours, and asks not to be too strict; yet the body is not signed, so no signature serves for ever. */
const TOLERANCE = 24 * 60 * 60_000;

/** Mailgun, 'Securing Webhooks': in the body itself, an HMAC of the timestamp and a token, with the Webhook Signing Key. */
export const mailgun: Signature = {
  isRight: async ({ body, now }, secret) => {
    const { signature } = (jsonOf(body) ?? {}) as { signature?: Record<string, unknown> | null };
    const timestamp = String(signature?.timestamp);
    return (
      typeof signature?.token === 'string' &&
      typeof signature.signature === 'string' &&
      isRecent(timestamp, now, TOLERANCE) &&
      isHmac('SHA-256', secret, timestamp + signature.token, hexToBytes(signature.signature))
    );
  }
};
