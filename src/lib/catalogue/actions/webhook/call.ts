import { defineAction, type Effect } from '$lib/core/definitions';
import { choice, failurePolicy, mapping, pairs, secret, text, url, yesNo } from '$lib/core/fields';
import type { Contact } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { setAttributes } from '$lib/records/contacts/attributes';
import { parseAttributeValue } from '$lib/records/contacts/values';

/** The user's own URL. Signed, where there is a secret, as the webhook provider documents. */
export default defineAction({
  id: 'webhook.call',
  group: 'webhook',
  icon: 'webhook',
  version: 1,
  fields: {
    method: choice(['POST', 'PUT', 'PATCH', 'GET', 'DELETE'], 'POST'),
    url: url({ required: true, liquid: true }),
    headers: pairs({ secret: true }),
    /** Empty: all details of the contact and the event, as JSON. */
    body: text({ long: true, liquid: true }),
    signingSecret: secret(),
    throughRelay: yesNo(),
    answer: mapping(),
    onFailure: failurePolicy()
  },
  sentence: ({ fields }) =>
    fields.url === '' ? null : words('catalogue.webhook.call.sentence', { method: fields.method, url: fields.url }),
  check: ({ fields, view }) =>
    fields.answer.some(({ attributeId }) => !view.attributes.has(attributeId))
      ? [{ field: 'answer', words: words('words.problem.attribute_gone') }]
      : [],
  request: ({ fields, contact, event, enrolment, view, now, render }) => {
    const place = { contact, event, view, now };
    const address = render.text({ ...place, liquid: fields.url });
    if (!address.ok) return { fail: address.reason };
    if (!/^https?:\/\//i.test(address.value))
      return { fail: words('words.step.not_an_address', { url: address.value }) };
    const body =
      fields.body === ''
        ? { ok: true as const, value: JSON.stringify(allDetails(contact, event, enrolment.automationId)) }
        : render.text({ ...place, liquid: fields.body });
    if (!body.ok) return { fail: body.reason };
    const headersThat = (secret: boolean): Record<string, string> =>
      Object.fromEntries(
        fields.headers.filter((header) => (header.secret ?? false) === secret).map(({ name, value }) => [name, value])
      );
    const secretHeaders = headersThat(true);
    return {
      accountId: null,
      send: {
        channel: 'webhook',
        method: fields.method,
        url: address.value,
        headers: { 'content-type': 'application/json', ...headersThat(false) },
        ...(Object.keys(secretHeaders).length === 0 ? {} : { secretHeaders }),
        ...(fields.signingSecret === null ? {} : { signingSecretId: fields.signingSecret }),
        ...(fields.method === 'GET' ? {} : { body: body.value }),
        ...(fields.throughRelay ? { throughRelay: true } : {})
      }
    };
  },
  settle: ({ fields, contact, view, now, newId, result }): Effect => {
    if (result.status !== 'sent' || fields.answer.length === 0) return { changes: [], events: [] };
    const values: Record<string, Contact['attributes'][string]> = {};
    for (const { path, attributeId } of fields.answer) {
      const attribute = view.attributes.get(attributeId);
      const found = attribute && parseAttributeValue(attribute, at(result.answer, path));
      if (found?.ok && found.value !== null) values[attributeId] = found.value;
    }
    return setAttributes(contact, values, { via: 'automation', now, newId });
  },
  examples: [{ fields: { url: 'https://exemple.fr/hook' }, branch: null }]
});

function allDetails(
  contact: Contact,
  event: { type: string; occurredAt: number; properties: unknown },
  automationId: string
): unknown {
  const { id, email, phone, externalId, attributes, listIds } = contact;
  return {
    contact: { id, email, phone, externalId, attributes, listIds },
    event: { type: event.type, occurredAt: event.occurredAt, properties: event.properties },
    automationId
  };
}

/** The value at a dotted path of a JSON answer, `items.0.price`. */
function at(answer: unknown, path: string): unknown {
  let value = answer;
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
