import { jsonOf } from '../bodies';
import { isSame } from '../same';
import type { Signature } from './signature';

/** The vendor signs nothing but shows `user:password`, which its settings let the user choose: RFC 7617. */
export const basic: Signature = {
  isRight: async ({ headers }, secret) => {
    const given = (headers.get('authorization') ?? '').replace(/^basic +/i, '');
    return isSame(given, btoa(String.fromCharCode(...new TextEncoder().encode(secret))));
  }
};

/** The vendor writes its token into the body. */
export const tokenInBody: Signature = {
  isRight: async ({ body }, secret) => {
    const { token } = (jsonOf(body) ?? {}) as { token?: unknown };
    return typeof token === 'string' && isSame(token, secret);
  }
};
