import type { TokenPage } from '$lib/core/pages';
import * as v from 'valibot';
import { jsonOf, textOf } from '../bodies';
import { base64ToBytes, isHmac } from '../signatures/hmac';

/** Longer than any of ours, and short enough that none costs anything to look at. */
const LONGEST = 4_096;

/** What a token of this page says; null where it was not signed with this key for it. */
export async function payloadOf<Schema extends v.GenericSchema>(
  token: string,
  page: TokenPage,
  key: string,
  schema: Schema
): Promise<v.InferOutput<Schema> | null> {
  const [, payload = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(token.slice(0, LONGEST)) ?? [];
  if (!(await isHmac('SHA-256', key, `${page}.${payload}`, base64urlToBytes(signature)))) return null;
  const bytes = base64urlToBytes(payload);
  const parsed = v.safeParse(schema, bytes === null ? undefined : jsonOf(textOf(bytes)));
  return parsed.success ? parsed.output : null;
}

export function base64urlToBytes(text: string): Uint8Array<ArrayBuffer> | null {
  return base64ToBytes(text.replaceAll('-', '+').replaceAll('_', '/'));
}
