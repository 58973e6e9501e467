/** A Liquid placeholder or tag, as the source of a regular expression. */
export const PLACEHOLDER = String.raw`(?:\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\})`;

const PARTS = new RegExp(`(${PLACEHOLDER})`);
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
};

/** For text between tags. Placeholders stay as they are, since Liquid reads them; one with markup in it is none. */
export function escapeText(text: string): string {
  return escaped(text, (liquid) => (/[<&]/.test(liquid) ? null : liquid));
}

/** For the value of an attribute in double quotes: Liquid takes single quotes as well, with a typographic apostrophe between them. */
export function escapeAttribute(text: string): string {
  return escaped(text, (liquid) => {
    const single = liquid.replace(/"([^"]*)"/g, (_, quoted: string) => `'${quoted.replaceAll("'", '’')}'`);
    return /[<>"&]/.test(single) ? null : single;
  });
}

/** Only addresses that a reader may open, or a placeholder at the start; anything else leads nowhere. */
export function escapeAddress(url: string): string {
  const address = url.trim();
  return /^(https?:|mailto:|tel:|sms:|\{\{)/i.test(address) ? escapeAttribute(address) : '';
}

function escaped(text: string, kept: (liquid: string) => string | null): string {
  return text
    .split(PARTS)
    .map((part, index) => (index % 2 === 1 ? (kept(part) ?? escapedPart(part)) : escapedPart(part)))
    .join('');
}

function escapedPart(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
