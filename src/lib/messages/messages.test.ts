import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Contact } from '$lib/core/rows/contacts';
import type { Sender, Template } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { VIEW_TABLES } from '$lib/core/tables';
import { blocksToMjml } from './email-blocks';
import { htmlToText } from './plain-text';
import { productsHtml } from './products';
import { createRender } from './render';

const view = Object.fromEntries(VIEW_TABLES.map((table) => [table, new Map()])) as unknown as WorkspaceView;
const event = { id: 'e', type: 'custom.event', occurredAt: 0, properties: { city: 'Nantes' } };
const sender: Sender = { id: 's', name: 'Léa', email: 'lea@atelier.fr', accountId: null, createdAt: 0 };
const render = createRender({ unsubscribe: () => 'Se désinscrire', stop: () => 'STOP pour ne plus rien recevoir' });

const EMPTY: Template = {
  id: 't',
  name: 'T',
  channel: 'email',
  subject: '',
  preheader: '',
  source: { editor: 'html' },
  html: '',
  createdAt: 0,
  updatedAt: 0
};

function contact(attributes: Contact['attributes']): Contact {
  return { id: 'c', email: 'a@b.fr', attributes, listIds: [], listedAt: {}, createdAt: 0, updatedAt: 0 };
}

function email(
  template: Partial<Template>,
  attributes: Contact['attributes'] = {},
  kind: 'marketing' | 'transactional' = 'transactional'
) {
  const whole: Template = { ...EMPTY, ...template };
  return render.email({ template: whole, sender, kind, contact: contact(attributes), event, view, now: 0 });
}

describe('an email', () => {
  test('names the reader, or what stands in for a name that is not known', () => {
    const template = {
      subject: 'Bonjour {{ contact.FIRSTNAME | default: "vous" }}',
      html: '<p>{{ contact.FIRSTNAME }} à {{ event.city }}</p>'
    };
    expect(email(template, { FIRSTNAME: 'Léa' })).toMatchObject({
      ok: true,
      value: { subject: 'Bonjour Léa', html: '<p>Léa à Nantes</p>', text: 'Léa à Nantes' }
    });
    expect(email(template)).toMatchObject({ ok: true, value: { subject: 'Bonjour vous' } });
  });

  test('what a contact typed is text: no markup of it reaches the reader', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const attack = `${name}<script>alert(1)</script><img src=x onerror=alert(1)>`;
        const rendered = email({ html: '<p>{{ contact.FIRSTNAME }}</p>' }, { FIRSTNAME: attack });
        expect(rendered.ok && rendered.value.html.match(/<(?!\/?p>)/)).toBeNull();
      })
    );
  });

  test('a line feed in a name does not break the subject', () => {
    expect(email({ subject: '{{ contact.FIRSTNAME }}' }, { FIRSTNAME: 'Léa\r\nBcc: x@y.fr' })).toMatchObject({
      value: { subject: 'Léa Bcc: x@y.fr' }
    });
  });

  test('marketing has a way out in sight and in its headers; one in the template is enough', () => {
    const plain = email({ html: '<body><p>Bonjour</p></body>' }, {}, 'marketing');
    expect(plain.ok && plain.value.html).toContain('>Se désinscrire</a></p></body>');
    expect(plain).toMatchObject({
      value: { headers: { 'List-Unsubscribe': '<mailto:lea@atelier.fr?subject=unsubscribe>' } }
    });
    const own = email({ html: '<a href="{{ unsubscribe_url }}">stop</a>' }, {}, 'marketing');
    expect(own.ok && own.value.html.match(/mailto:/g)).toHaveLength(1);
  });

  test('broken Liquid is a reason, not an exception', () => {
    expect(email({ html: '{% if %}' })).toMatchObject({ ok: false, reason: { key: 'words.message.liquid' } });
    expect(email({ subject: '{{ contact.FIRSTNAME | nosuchfilter }}' })).toMatchObject({ ok: false });
  });
});

test('plain text keeps links, images by their text, and lines', () => {
  const html =
    '<style>p{}</style><h1>Titre</h1><p>Un <a href="https://x.fr/a">lien</a> &amp; plus</p><img alt="Vase" src="x"><ul><li>un</li><li>deux</li></ul>';
  expect(htmlToText(html)).toBe('Titre\nUn lien (https://x.fr/a) & plus\nVase\n• un\n• deux');
});

test('blocks: typed markup is text, placeholders stay, addresses that run something lead nowhere', () => {
  const mjml = blocksToMjml(
    [
      { id: '1', type: 'heading', text: "Bonjour {{ contact.FIRSTNAME | default: 'vous' }} <b>" },
      { id: '2', type: 'text', text: 'Un\nDeux\n\nTrois & {{ "<script>" }}' },
      { id: '3', type: 'button', text: 'Lire', url: 'javascript:alert(1)' },
      { id: '4', type: 'image', url: 'https://x.fr/a.png', alt: '"Vase"' }
    ],
    { preheader: 'Aperçu', title: 'T' }
  );
  expect(mjml).toContain("Bonjour {{ contact.FIRSTNAME | default: 'vous' }} &lt;b&gt;");
  expect(mjml).toContain('Un<br />Deux</p>');
  expect(mjml).not.toContain('<script>');
  expect(mjml).not.toContain('javascript:');
  expect(mjml).toContain('alt="&quot;Vase&quot;"');
});

test('the products of an event: each with its price in the workspace’s language, nothing where there are none', () => {
  const html = productsHtml(
    { id: 'p', type: 'products', from: 'cart', title: 'Votre panier', buttonText: 'Reprendre' },
    { text: '#000000', muted: '#666666', line: '#dddddd', accent: '#aa3322', onAccent: '#ffffff' },
    'Georgia'
  );
  const items = [{ name: 'Vase <b>', price: { minor: 3990, currency: 'EUR' }, quantity: 2, url: 'https://a.fr/vase' }];
  const place = { contact: contact({}), view, now: 0 };
  const rendered = (properties: Record<string, unknown>) => {
    const template: Template = { ...EMPTY, html };
    const result = render.email({ ...place, template, sender, kind: 'transactional', event: { ...event, properties } });
    return result.ok ? result.value : null;
  };
  expect(rendered({ items, url: 'https://a.fr/panier' })?.text.replaceAll(/\s+/g, ' ').trim()).toBe(
    'Votre panier Vase <b> (https://a.fr/vase) × 2 39,90 € Reprendre (https://a.fr/panier)'
  );
  expect(rendered({ items })?.html).toContain('Vase &lt;b&gt;');
  expect(rendered({ items: [] })?.html).toBe('');
  // Where a product has no picture no room is kept for one.
  const cells = (item: object) => rendered({ items: [{ ...items[0], ...item }] })?.html.match(/<td/g)?.length;
  expect(cells({})).toBe(2);
  expect(cells({ image: 'https://a.fr/vase.jpg' })).toBe(3);
});
