import { isRecent, type Signature } from './signature';

type Bytes = Uint8Array<ArrayBuffer>;
type Hash = 'SHA-1' | 'SHA-256';

/** An HMAC of the body as it came, in a header, after `prefix`. */
export function hmacOfBody({
  header,
  encoding,
  hash = 'SHA-256',
  prefix = ''
}: {
  header: string;
  encoding: 'hex' | 'base64';
  hash?: Hash;
  prefix?: string;
}): Signature {
  const decode = encoding === 'hex' ? hexToBytes : base64ToBytes;
  return {
    isRight: async ({ headers, body }, secret) => {
      const given = headers.get(header) ?? '';
      return given.startsWith(prefix) && isHmac(hash, secret, body, decode(given.slice(prefix.length)));
    }
  };
}

/** `t=…,v1=…`: an HMAC of `{t}.{body}` in hex; while a secret is being replaced there may be several. */
export function hmacOfTimeAndBody(header: string): Signature {
  return {
    isRight: async ({ headers, body, now }, secret) => {
      const parts = (headers.get(header) ?? '').split(',').map((part) => part.trim());
      const valuesOf = (name: string): string[] =>
        parts.filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
      const [time] = valuesOf('t');
      if (time === undefined || !isRecent(time, now)) return false;
      return isOneRight(valuesOf('v1').map(hexToBytes), (given) => isHmac('SHA-256', secret, `${time}.${body}`, given));
    }
  };
}

export async function isOneRight(
  given: readonly (Bytes | null)[],
  isRight: (one: Bytes | null) => Promise<boolean>
): Promise<boolean> {
  for (const one of given) if (await isRight(one)) return true;
  return false;
}

/** Compares in constant time. */
export async function isHmac(
  hash: Hash,
  secret: string | Bytes,
  message: string,
  given: Bytes | null
): Promise<boolean> {
  if (given === null || secret.length === 0) return false;
  const raw = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, given, new TextEncoder().encode(message));
}

export function hexToBytes(text: string): Bytes | null {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}

export function base64ToBytes(text: string): Bytes | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
