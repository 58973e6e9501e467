import { base64ToBytes, isHmac, isOneRight } from './hmac';
import { isRecent, type Signature } from './signature';

/**
 * Svix, 'Verifying Webhooks Manually', which Standard Webhooks took over with `webhook-` in the names of the headers: `v1,` and an HMAC
 * of `{id}.{timestamp}.{body}` in base64, several separated by spaces, with what follows `whsec_` as the key.
 */
export const svix: Signature = {
  isRight: async ({ headers, body, now }, secret) => {
    const prefix = headers.has('svix-signature') ? 'svix' : 'webhook';
    const [id, time, signatures] = ['id', 'timestamp', 'signature'].map(
      (name) => headers.get(`${prefix}-${name}`) ?? ''
    );
    const key = base64ToBytes(secret.replace(/^whsec_/, ''));
    if (!id || !time || !signatures || key === null || !isRecent(time, now)) return false;
    const given = signatures.split(' ').filter((one) => one.startsWith('v1,'));
    return isOneRight(
      given.map((one) => base64ToBytes(one.slice(3))),
      (one) => isHmac('SHA-256', key, `${id}.${time}.${body}`, one)
    );
  }
};
