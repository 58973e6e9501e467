import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EmailRequest } from '$lib/core/rows/messages';
import { withRecognisedLinks } from './recognised-links';

const request: EmailRequest = {
  channel: 'email',
  kind: 'marketing',
  senderId: 's',
  from: { name: '', email: 'lea@atelier.fr' },
  to: { email: 'camille@exemple.fr' },
  subject: '',
  templateId: 't',
  emailName: '',
  headers: { 'List-Unsubscribe': '<https://www.atelier.fr/bye?x=1>' }
};
const mark = { token: 'c1', domains: ['atelier.fr'], except: ['relais.atelier.fr'] };
const html = (href: string) => {
  const marked = withRecognisedLinks({ ...request, html: `<a class="b" href="${href}">x</a>` }, mark).html ?? '';
  return /href="(.*)"/.exec(marked)?.[1];
};
const text = (url: string) => withRecognisedLinks({ ...request, text: `Voir (${url})` }, mark).text;

test.each([
  ['https://atelier.fr', 'https://atelier.fr?rc=c1'],
  ['https://www.atelier.fr/mugs?a=1&amp;b=2#top', 'https://www.atelier.fr/mugs?a=1&amp;b=2&amp;rc=c1#top'],
  ['http://ATELIER.fr:8080/?', 'http://ATELIER.fr:8080/?rc=c1']
])('%s is the user’s own', (given, expected) => {
  expect(html(given)).toBe(expected);
  const plain = given.replaceAll('&amp;', '&');
  expect(text(plain)).toBe(`Voir (${expected.replaceAll('&amp;', '&')})`);
});

test.each([
  'https://exemple.fr/?to=https://atelier.fr',
  'https://pasatelier.fr/',
  'https://atelier.fr.exemple.com/',
  'https://atelier.fr@exemple.com/',
  'https://exemple.com#@atelier.fr/',
  'mailto:lea@atelier.fr',
  'https://relais.atelier.fr/u/token',
  'https://www.atelier.fr/bye?x=1',
  'https://atelier.fr/?rc=other',
  'https://atelier.fr/?next=/a?b=1&rc=other',
  'javascript:alert(1)',
  '#atelier.fr'
])('%s stays as it is', (url) => {
  expect(html(url)).toBe(url);
  expect(text(url)).toBe(`Voir (${url})`);
});

test('of images, styles and what is no link nothing changes; the address of the reader is nowhere', () => {
  const page =
    '<img src="https://atelier.fr/a.png"><style>a{background:url("https://atelier.fr/b")}</style> https://atelier.fr';
  expect(withRecognisedLinks({ ...request, html: page }, mark).html).toBe(page);
});

test('whatever the content, marking twice is marking once, and nothing else of it changes', () => {
  const part = fc.constantFrom(
    '<a href="',
    'https://atelier.fr',
    '/x?y=1',
    '#z',
    '">',
    '&amp;',
    ' ',
    '(',
    ')',
    'é',
    '</a>',
    '"',
    '\n'
  );
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const content = { ...request, html: parts.join(''), text: parts.join('') };
      const once = withRecognisedLinks(content, mark);
      expect(withRecognisedLinks(once, mark)).toEqual(once);
      expect(once.html?.replaceAll(/(?:\?|&amp;)?rc=c1/g, '').replaceAll('?', '')).toBe(
        content.html.replaceAll('?', '')
      );
    }),
    { numRuns: 1_000 }
  );
});
