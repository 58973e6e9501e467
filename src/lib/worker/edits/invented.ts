import type { MessagePlace } from '$lib/core/definitions';
import type { Id } from '$lib/core/ids';
import type { Instant } from '$lib/core/instants';
import type { EventFact } from '$lib/core/rows/automations';
import type { Contact } from '$lib/core/rows/contacts';
import { m } from '$lib/i18n/paraglide/content/messages.js';
import type { Reader } from '$lib/storage/port';

/** Where a message is read that is shown or sent to try it: this contact or an invented one, after an invented event. */
export async function inventedPlace(
  reader: Reader,
  contactId: Id | null,
  now: Instant,
  { pictures = false }: { pictures?: boolean } = {}
): Promise<MessagePlace> {
  const view = await reader.view();
  const contact = (contactId === null ? undefined : await reader.get('contacts', contactId)) ?? inventedContact(now);
  const language = view.settings.get('workspace')?.language ?? 'fr';
  return { contact, event: inventedEvent(language, now, pictures), view, now };
}

/** Who a preview is for while nobody is chosen. */
function inventedContact(now: Instant): Contact {
  return {
    id: '',
    email: 'lea@exemple.fr',
    attributes: { FIRSTNAME: 'Léa', LASTNAME: 'Martin' },
    listIds: [],
    listedAt: {},
    createdAt: now,
    updatedAt: now
  };
}

/** A cart or an order with two things in it, so that a list of products shows some. */
function inventedEvent(language: 'fr' | 'en', now: Instant, hasPictures: boolean): EventFact {
  const currency = language === 'fr' ? 'EUR' : 'GBP';
  const item = (key: 'one' | 'two', minor: number, quantity: number, ground: string): Record<string, unknown> => ({
    name: m[`example.product_${key}`]({}, { locale: language }),
    quantity,
    price: { minor, currency },
    ...(hasPictures ? { image: tile(ground) } : {})
  });
  return {
    id: '',
    type: '',
    occurredAt: now,
    properties: {
      url: 'https://example.com',
      items: [item('one', 1_400, 2, '#d9c9b4'), item('two', 2_450, 1, '#b4c4d9')],
      total: { minor: 5_250, currency }
    }
  };
}

/** A picture of one colour, which is loaded from nowhere. */
function tile(colour: string): string {
  const image = `<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72"><rect width="72" height="72" fill="${colour}"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(image)}`;
}
