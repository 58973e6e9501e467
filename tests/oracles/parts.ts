import type { Call } from './calls';

/** What of a call has a meaning, by the name of the place: `host`, `header.authorization`, `body.to[0].email` … */
export type Parts = Readonly<Record<string, string>>;

/** Headers that say how a call travels, and by which program, and nothing of the message. */
const OF_THE_JOURNEY: ReadonlySet<string> = new Set([
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'host',
  'sec-fetch-mode',
  'transfer-encoding',
  'user-agent'
]);

/** A call taken apart; its body by its content type. */
export async function partsOf(call: Call): Promise<Parts> {
  const { pathname, searchParams } = new URL(call.path, 'https://host');
  const type = call.headers['content-type'] ?? '';
  const headers = Object.entries(call.headers).filter(([name]) => !OF_THE_JOURNEY.has(name) && name !== 'accept');
  return {
    host: call.host,
    method: call.method,
    path: pathname,
    ...listed('query', [...searchParams]),
    // Many ways to say that an answer in JSON is welcome.
    'header.accept': /\*\/\*|application\/json/.test(call.headers.accept ?? '*/*') ? 'JSON' : call.headers.accept!,
    // Without the boundary of its parts, or the character set that JSON always has.
    ...Object.fromEntries(
      headers.map(([name, value]) => [`header.${name}`, name === 'content-type' ? essenceOf(value) : value])
    ),
    ...(await bodyParts(call.body, type))
  };
}

async function bodyParts(body: Buffer, type: string): Promise<Parts> {
  if (body.length === 0) return {};
  const kind = essenceOf(type);
  if (kind === 'application/x-www-form-urlencoded')
    return listed('body', [...new URLSearchParams(body.toString('utf8'))]);
  if (kind === 'multipart/form-data') {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    // A form of several parts has all its lines end in CRLF.
    const fields = [...form].map(
      ([name, value]) => [name, typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value.name] as const
    );
    return listed('body', fields);
  }
  return leavesOf('body', JSON.parse(body.toString('utf8')) as unknown);
}

/** Fields of a form or a query; the second of the same name is `name[1]`. */
function listed(place: string, fields: readonly (readonly [string, string])[]): Parts {
  const parts: Record<string, string> = {};
  for (const [name, value] of fields) {
    const times = fields.filter(([other]) => other === name);
    const index = times.length > 1 ? `[${Object.keys(parts).filter((key) => key.startsWith(`${place}.${name}[`)).length}]` : ''; // prettier-ignore
    parts[`${place}.${name}${index}`] = value;
  }
  return parts;
}

function leavesOf(place: string, value: unknown): Parts {
  // A text is as a form would have it; what is no text says so.
  if (typeof value === 'string') return { [place]: value };
  if (typeof value !== 'object' || value === null) return { [place]: `${JSON.stringify(value)} (${typeof value})` };
  const inner = Array.isArray(value)
    ? value.map((one, index) => leavesOf(`${place}[${index}]`, one))
    : Object.entries(value).map(([name, one]) => leavesOf(`${place}.${name}`, one));
  // What is there and empty is something else than what is not there.
  return inner.length === 0 ? { [place]: `${JSON.stringify(value)} (object)` } : (Object.assign({}, ...inner) as Parts);
}

function essenceOf(type: string): string {
  return type.replace(/;.*$/, '').trim().toLowerCase();
}
