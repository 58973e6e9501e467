import { jsonOf } from '../bodies';
import { hmacOfBody } from './hmac';
import type { Signature } from './signature';

/** Published: MailerSend signs with it what it posts to try an address, so it proves nothing else. */
const SECRET_OF_PINGS = 'test_Am3L1GuOIc4blLUuHqAPxxwkZaJyEk8G';

const signature = hmacOfBody({ header: 'signature', encoding: 'hex' });

/** MailerSend, 'Webhooks', 'Security'. An address that does not answer its `webhook.test` cannot be saved. */
export const mailersend: Signature = {
  ...signature,
  isPing: async (post) => {
    const { type } = (jsonOf(post.body) ?? {}) as { type?: unknown };
    return type === 'webhook.test' && signature.isRight(post, SECRET_OF_PINGS);
  }
};
