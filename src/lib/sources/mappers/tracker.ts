import * as v from 'valibot';
import { customEvent } from '$lib/core/events/custom';
import { cartDeleted, cartUpdated, orderCreated } from '$lib/core/events/ecommerce';
import { pushSessionStarted } from '$lib/core/events/push';
import { pageVisited } from '$lib/core/events/website';
import { DAY, type Instant } from '$lib/core/instants';
import { moneyOf, type Money } from '$lib/core/money';
import { ok, type Result } from '$lib/core/result';
import { defineMapper, type IncomingFact, type TrackedPerson } from '$lib/core/sources';
import { trackerPost, type TrackedEvent, type TrackerPost } from '$lib/core/tracking';
import { factsOf, factsOfJson } from './payload';

/** What waits on a visitor's device for longer is as old as this. */
const OLDEST = 30 * DAY;
const MOST_ITEMS = 100;
const MOST_PROPERTIES = 50;
const LONGEST_PROPERTY = 1_000;

const short = v.pipe(
  v.union([v.string(), v.number()]),
  v.transform((value) => String(value).slice(0, 500))
);
const said = v.optional(v.nullable(short), '');
const needed = v.pipe(
  short,
  v.check((value) => value.trim() !== '')
);
const web = v.pipe(
  v.string(),
  v.transform((url) => url.slice(0, 2_000)),
  v.regex(/^https?:\/\/[^\s/$.?#]\S*$/i)
);
/** Something else than an address says nothing. */
const address = v.optional(v.fallback(web, ''), '');
/** As people write it: 12.5 or '12.50'. */
const amount = v.nullish(
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+(\.\d+)?$/), v.transform(Number))]),
    v.minValue(0),
    v.maxValue(1e12)
  ),
  null
);
const currencyCode = v.pipe(
  v.optional(v.string(), ''),
  v.transform((code) => code.toUpperCase()),
  v.regex(/^([A-Z]{3})?$/)
);
const item = v.object({
  id: said,
  name: needed,
  price: amount,
  quantity: v.nullish(v.pipe(v.number(), v.minValue(0)), 1),
  url: address,
  image: address
});
const items = v.optional(v.pipe(v.array(item), v.maxLength(MOST_ITEMS)), []);

const page = v.object({ url: web, title: said, referrer: address });
const track = v.object({ name: needed, properties: v.optional(v.nullable(v.record(v.string(), v.unknown()))) });
const identity = v.object({
  email: v.optional(v.unknown()),
  token: v.optional(v.unknown()),
  attributes: v.optional(v.unknown())
});
const cart = v.object({ id: said, items, removed: items, total: amount, currency: currencyCode, url: address });
const order = v.object({ id: needed, items, total: amount, currency: currencyCode });

/**
 * The tracker on the user's own site (core/tracking.ts). A cart without an id is the visitor's own; products that are taken out of it
 * are `removed`. `identify` is a custom event of that name, which says who the visitor is from there on.
 */
export default defineMapper({
  kind: 'tracker',
  name: 'Ricochet',
  delivers: [
    cartDeleted.type,
    cartUpdated.type,
    customEvent.type,
    orderCreated.type,
    pageVisited.type,
    pushSessionStarted.type
  ],
  documentation: '',
  signs: false,
  facts: ({ body, receivedAt }) => factsOfJson(body, trackerPost, (post) => factsOfPost(post, receivedAt))
});

interface Told {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

function factsOfPost(post: TrackerPost, receivedAt: Instant): Result<readonly IncomingFact[]> {
  const { visitor, sentAt, events } = post;
  const facts: IncomingFact[] = [];
  let person: TrackedPerson = { visitor };
  for (const event of events) {
    const told = toldBy(event, visitor);
    if (!told.ok) return told;
    const attributes = event.type === 'identify' ? attributesOf(event) : {};
    if (event.type === 'identify') person = { visitor, ...sayingWho(event) };
    facts.push({
      ...told.value,
      // By the relay's clock: a wrong one of the device is as wrong in both of its own instants.
      occurredAt: Math.min(receivedAt, Math.max(receivedAt - OLDEST, Math.round(receivedAt - (sentAt - event.at)))),
      dedupeKey: `tracker:${visitor}:${event.id}`,
      person: { ...person, ...attributes }
    });
  }
  return ok(facts);
}

function toldBy({ type, data }: TrackedEvent, visitor: string): Result<Told> {
  switch (type) {
    case 'page':
      return told(page, data, ({ url, title, referrer }) => ({
        type: pageVisited.type,
        properties: { url, title: title ?? '', referrer }
      }));
    case 'session':
      return told(page, data, ({ url, referrer }) => ({
        type: pushSessionStarted.type,
        properties: origin(url, referrer)
      }));
    case 'identify':
      return told(identity, data, ({ token }) => ({
        type: customEvent.type,
        properties: { name: 'identify', via: token === undefined ? 'site' : 'email' }
      }));
    case 'track':
      return told(track, data, ({ name, properties }) => ({
        type: customEvent.type,
        properties: { ...bounded(properties ?? {}), name: name.slice(0, 200) }
      }));
    case 'cart':
      return told(cart, data, (given) => {
        const { currency, url } = given;
        const common = { cartId: given.id || visitor, items: products(given.items, currency) };
        return given.removed.length > 0 || given.items.length === 0
          ? { type: cartDeleted.type, properties: { ...common, removed: products(given.removed, currency) } }
          : { type: cartUpdated.type, properties: { ...common, total: priceOf(given.total, currency), currency, url } };
      });
    case 'order':
      return told(order, data, ({ id, items: bought, total, currency }) => ({
        type: orderCreated.type,
        properties: { orderId: id, items: products(bought, currency), total: priceOf(total, currency), currency }
      }));
  }
}

function told<S extends v.GenericSchema>(
  schema: S,
  data: unknown,
  tell: (data: v.InferOutput<S>) => Told
): Result<Told> {
  let found: Told | undefined;
  const read = factsOf(data, schema, (checked) => {
    found = tell(checked);
    return ok([]);
  });
  return read.ok && found ? ok(found) : (read as Result<Told>);
}

/** Where the visit began: what the address says of its campaign, or who linked. */
function origin(url: string, referrer: string): Record<string, string> {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '');
  const host = /^https?:\/\/([^/?#]+)/.exec(referrer)?.[1] ?? '';
  return {
    sessionId: '',
    attribution: (query.get('utm_source') ?? host).slice(0, 500),
    campaignId: (query.get('utm_campaign') ?? '').slice(0, 500),
    notificationId: ''
  };
}

function sayingWho({ data: { email, token } }: TrackedEvent): Omit<TrackedPerson, 'visitor'> {
  if (typeof token === 'string') return { token: token.slice(0, 100) };
  return typeof email === 'string' ? { email: email.slice(0, 254) } : {};
}

function attributesOf({ data: { attributes } }: TrackedEvent): Pick<TrackedPerson, 'attributes'> {
  const isObject = typeof attributes === 'object' && attributes !== null && !Array.isArray(attributes);
  return isObject ? { attributes: bounded(attributes as Record<string, unknown>) } : {};
}

/** So much of what a page says as anybody would want to filter by. */
function bounded(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([name, value]) => name.length <= 100 && JSON.stringify(value).length <= LONGEST_PROPERTY)
      .slice(0, MOST_PROPERTIES)
  );
}

function products(given: readonly v.InferOutput<typeof item>[], currency: string) {
  return given.map(({ id, name, price, quantity, url, image }) => ({
    id: id ?? '',
    name,
    price: priceOf(price, currency),
    quantity,
    url,
    image
  }));
}

function priceOf(major: number | null, currency: string): Money | null {
  return major === null || currency === '' ? null : moneyOf(major, currency);
}
