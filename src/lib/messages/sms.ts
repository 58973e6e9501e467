/** How a text travels: in the alphabet of GSM 03.38 (7 bits a letter), or, with any other letter in it, in UCS-2 (16 bits). */
export type SmsEncoding = 'gsm' | 'unicode';

export interface SmsLength {
  readonly encoding: SmsEncoding;
  /** Units of the encoding: letters that GSM escapes (€, [, {) count twice, and so do emoji in UCS-2. */
  readonly units: number;
  /** Messages that the text is cut into, each billed; 0 for an empty text. */
  readonly segments: number;
  /** Units that still fit into the last of these. */
  readonly left: number;
}

const GSM = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
);
const GSM_ESCAPED = new Set('^{}\\[~]|€\f');

/** Units in a message of its own, and in each of several (which carry a header of 6 or 7 units). */
const SIZES = { gsm: [160, 153], unicode: [70, 67] } as const;

/** How long a text is as an SMS (3GPP TS 23.038 and 23.040). A letter that takes two units is never cut in two. */
export function smsLength(text: string): SmsLength {
  const letters = Array.from(text);
  const encoding: SmsEncoding = letters.every((letter) => GSM.has(letter) || GSM_ESCAPED.has(letter))
    ? 'gsm'
    : 'unicode';
  const sizeOf = (letter: string): number => (encoding === 'unicode' ? letter.length : GSM_ESCAPED.has(letter) ? 2 : 1);
  const units = letters.reduce((sum, letter) => sum + sizeOf(letter), 0);
  const [alone, each] = SIZES[encoding];
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1, left: alone - units };
  let segments = 1;
  let used = 0;
  for (const letter of letters) {
    const size = sizeOf(letter);
    if (used + size > each) {
      segments++;
      used = 0;
    }
    used += size;
  }
  return { encoding, units, segments, left: each - used };
}

/** A promotional text says how to stop: added where the word is not in it. */
export function withStop(text: string, stop: string): string {
  return /\bSTOP\b/i.test(text) ? text : `${text.trimEnd()}\n${stop}`;
}
