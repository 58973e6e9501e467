import type { EmailRequest } from '$lib/core/rows/messages';

/** A reader or a sender as a header has it (RFC 5322): the name in quotes where it has signs that mean something there. */
export function mailbox({ name = '', email }: { name?: string | undefined; email: string }): string {
  const plain = name.replace(/\s+/g, ' ').trim();
  if (plain === '') return email;
  const isPlain = /^[\p{L}\p{N}\p{M} !#$%&'*+\-/=?^_`{|}~’]+$/u.test(plain);
  return `${isPlain ? plain : `"${plain.replace(/["\\]/g, '\\$&')}"`} <${email}>`;
}

/** A reader or a sender as two properties; without a name where there is none. */
export function person<E extends string, N extends string>(
  { name, email }: { name?: string | undefined; email: string },
  emailKey: E,
  nameKey: N
): Record<string, string> {
  return { [emailKey]: email, ...(name === undefined || name === '' ? {} : { [nameKey]: name }) };
}

/** A tag in ASCII letters, digits, hyphens and underscores, which is all that some providers take; undefined where nothing is left. */
export function asciiTag(tag: string | undefined, max: number): string | undefined {
  const plain = (tag ?? '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, max);
  return plain === '' ? undefined : plain;
}

/** Headers of the message, without `Reply-To`, which most APIs take apart. */
export function headersOf({ headers = {} }: EmailRequest): { replyTo?: string; others: [string, string][] } {
  const all = Object.entries(headers);
  const replyTo = all.find(([name]) => name.toLowerCase() === 'reply-to')?.[1];
  const others = all.filter(([name]) => name.toLowerCase() !== 'reply-to');
  return { ...(replyTo === undefined ? {} : { replyTo }), others };
}

/** A mailbox in ASCII: a name that has other signs becomes encoded words of at most 75 characters (RFC 2047). */
export function encodedMailbox({ name = '', email }: { name?: string | undefined; email: string }): string {
  const plain = name.replace(/\s+/g, ' ').trim();
  if (/^[\x20-\x7e]*$/.test(plain)) return mailbox({ name: plain, email });
  const encoder = new TextEncoder();
  const words: Uint8Array[] = [];
  for (const sign of plain) {
    const bytes = encoder.encode(sign);
    const last = words.at(-1);
    // 45 bytes are 60 characters of base64; a sign is never cut in two.
    if (last && last.length + bytes.length <= 45) words[words.length - 1] = Uint8Array.of(...last, ...bytes);
    else words.push(bytes);
  }
  const encoded = words.map((bytes) => `=?UTF-8?B?${btoa(String.fromCharCode(...bytes))}?=`);
  return `${encoded.join(' ')} <${email}>`;
}
