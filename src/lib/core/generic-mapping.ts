import * as v from 'valibot';
import { customEvent } from './events/custom';
import { MINUTE, SECOND, type Instant } from './instants';
import { parsePath, valueAt } from './paths';
import { failed, ok, type Result } from './result';
import type { IncomingFact } from './sources';
import { words, type Words } from './words';

const text = v.pipe(v.string(), v.maxLength(200));

/**
 * What the posts of a source of no known vendor mean; all but `name` are paths into its JSON, such as `customer.emails[0]`. `email` says
 * who, `name` is the event's name or, as `namePath`, lies in the post. '' where there is none: `time` is then when it came, `id` (what
 * makes a post that comes twice one event) the whole post.
 */
export const genericMapping = v.object({
  email: text,
  name: text,
  namePath: text,
  time: text,
  id: text,
  properties: v.pipe(v.array(v.object({ name: text, path: text })), v.maxLength(50))
});
export type GenericMapping = v.InferOutput<typeof genericMapping>;

export const NO_MAPPING: GenericMapping = { email: '', name: '', namePath: '', time: '', id: '', properties: [] };

const LONGEST = 1_000;
/** Epoch seconds are below this until the year 5138, epoch milliseconds above it since 1973. */
const SECONDS_END = 1e11;

/** Why the mapping cannot be used, by itself; null where it can. */
export function mappingRefusal({ email, name, namePath, time, id, properties }: GenericMapping): Words | null {
  if (email.trim() === '') return words('words.mapping.no_email_path');
  if (name.trim() === '' && namePath.trim() === '') return words('words.mapping.no_name');
  const paths = [email, namePath, time, id, ...properties.map(({ path }) => path)];
  const wrong = paths.find((path) => path.trim() !== '' && parsePath(path) === null);
  if (wrong !== undefined) return words('words.mapping.no_path', { path: wrong });
  const isNamed = properties.every((one) => one.name.trim() !== '' && one.path.trim() !== '');
  return isNamed ? null : words('words.mapping.half_property');
}

/** The custom event that a post is by the mapping; failed with what is missing. `receivedAt` in epoch ms. */
export function mapPost(mapping: GenericMapping, body: string, receivedAt: Instant): Result<IncomingFact> {
  const refused = mappingRefusal(mapping);
  if (refused) return failed(refused);
  let post: unknown;
  try {
    post = JSON.parse(body);
  } catch {
    return failed(words('words.inbox.no_json'));
  }
  const at = (path: string): unknown => {
    const parsed = parsePath(path);
    return parsed === null ? undefined : valueAt(post, parsed);
  };
  const email = scalar(at(mapping.email));
  if (!email.includes('@')) return failed(words('words.mapping.no_email', { path: mapping.email }));
  const name = mapping.namePath.trim() === '' ? mapping.name.trim() : scalar(at(mapping.namePath)).slice(0, 200);
  if (name === '') return failed(words('words.mapping.no_name_there', { path: mapping.namePath }));
  const time = mapping.time.trim() === '' ? receivedAt : instantOf(at(mapping.time));
  if (time === null) return failed(words('words.mapping.no_time', { path: mapping.time }));
  const id = mapping.id.trim() === '' ? `${receivedAt}:${digest(body)}` : scalar(at(mapping.id));
  if (id === '') return failed(words('words.mapping.no_id', { path: mapping.id }));
  const properties = mapping.properties.map((one) => [one.name.trim(), property(at(one.path))] as const);
  return ok({
    type: customEvent.type,
    // A clock that is ahead does not make an event of the future.
    occurredAt: Math.min(time, receivedAt + MINUTE),
    properties: { ...Object.fromEntries(properties.filter(([, value]) => value !== null)), name },
    dedupeKey: `generic:${email.toLowerCase()}:${name}:${id}`,
    person: { email }
  });
}

function scalar(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** Null for what is not there; what is more than one value, as JSON. */
function property(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST);
}

/** ISO 8601, epoch seconds or epoch milliseconds; also as text. */
function instantOf(value: unknown): Instant | null {
  const written = scalar(value);
  if (written === '') return null;
  const number = Number(written);
  if (Number.isNaN(number)) {
    const parsed = Date.parse(written);
    return Number.isNaN(parsed) ? null : parsed;
  }
  if (!Number.isFinite(number) || number <= 0) return null;
  return Math.round(number < SECONDS_END ? number * SECOND : number);
}

/** Tells two posts of one millisecond apart (FNV-1a). */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
