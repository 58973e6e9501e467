import { caniemail } from 'caniemail';
import { describe, expect, test } from 'vitest';
import { PLAIN_BRAND, type Brand, type EmailBlock, type SimpleBlock } from '$lib/core/rows/emails';
import { compileEmail } from './compile-email';

const simple: readonly SimpleBlock[] = [
  { id: 'h1', type: 'heading', text: "Bonjour {{ contact.FIRSTNAME | default: 'vous' }}", align: 'center' },
  { id: 'h2', type: 'heading', level: 2, text: 'Trois lettres' },
  { id: 't', type: 'text', text: 'Une **lettre** *chaque* [jeudi](https://a.fr)\n\n- un\n- deux\n\n1. trois' },
  { id: 'i', type: 'image', url: 'https://a.fr/vase.png', alt: 'Un vase', href: 'https://a.fr', width: 50 },
  { id: 'ib', type: 'image', url: 'https://a.fr/atelier.png', alt: '', bleed: true },
  { id: 'b', type: 'button', text: 'Lire', url: 'https://a.fr' },
  { id: 'o', type: 'button', text: 'Voir', url: 'https://a.fr', style: 'outline', align: 'center' },
  { id: 'd', type: 'divider' },
  { id: 'sp', type: 'spacer', height: 24 },
  { id: 'so', type: 'social', networks: [{ network: 'instagram', url: 'https://instagram.com/lea' }] },
  { id: 'p', type: 'products', from: 'cart', title: 'Votre panier', buttonText: 'Reprendre' },
  { id: 'x', type: 'html', html: '<p>À la main</p>' },
  { id: 'bg', type: 'text', text: 'Sur fond sombre', background: '#1d1f2b', padding: 24 }
];
const blocks: readonly EmailBlock[] = [
  ...simple,
  { id: 'c2', type: 'columns', ratio: '1:2', columns: [[simple[3]!], [simple[2]!, simple[5]!]], background: '#f6f4ef' },
  { id: 'c3', type: 'columns', ratio: '1:1:1', columns: [[simple[0]!], [simple[8]!], []] }
];
const brand: Brand = {
  ...PLAIN_BRAND,
  name: 'Atelier Léa',
  logoUrl: 'https://a.fr/logo.png',
  accent: '#ffd84d',
  headingFont: 'palatino',
  textFont: 'system',
  footer: 'Atelier Léa, 3 rue des Lices, 44000 Nantes',
  social: [{ network: 'website', url: 'https://www.atelier-lea.fr/a' }]
};

/** What the mail programs that most people read in must understand. */
const CLIENTS = ['gmail.*', 'apple-mail.macos', 'apple-mail.ios', 'yahoo.*'] as const;

/** What some of them do without, and the email is still read as it should be. */
const EXTRAS = new Set([
  ...['<body> element', '<style> element', '@media', 'color-scheme CSS property', 'color-scheme meta tag'],
  ...['Chaining selectors', 'Class selector', 'Descendant combinator', 'ID selector', 'Type selector'],
  ...['aria-label attribute', 'target attribute', 'cursor', 'display:none', 'height property', 'opacity', 'word-break']
]);

function compiled(shown: readonly EmailBlock[], of: Brand = brand): Promise<string> {
  const source = { editor: 'blocks' as const, blocks: [...shown] };
  return compileEmail({ source, html: '', subject: 'Objet', preheader: 'Aperçu' }, { brand: of, language: 'fr' });
}

describe('an email made of blocks', () => {
  test.each([`"et bonne journée"`, `"l'ami"`, `'vous'`])(
    'may have a subject with the fallback %s',
    async (fallback) => {
      const subject = `Joyeux anniversaire, {{ contact.FIRSTNAME | default: ${fallback} }}`;
      const source = { editor: 'blocks' as const, blocks: [blocks[0]!] };
      const html = await compileEmail({ source, html: '', subject, preheader: '' }, { brand, language: 'fr' });
      const read = new DOMParser().parseFromString(html, 'text/html');
      const shown = /^Joyeux anniversaire, \{\{ contact\.FIRSTNAME \| default: '[^'"]+' \}\}$/;
      expect(read.querySelector('[aria-label]')?.getAttribute('aria-label')).toMatch(shown);
      expect(read.title).toMatch(shown);
    }
  );

  test.each([...blocks.map((block) => [block.id, [block]] as const), ['all of them', blocks] as const])(
    'is one that mail programs show: %s',
    async (_, shown) => {
      const html = await compiled(shown);
      const { issues } = caniemail({ clients: [...CLIENTS], html });
      const titles = [...issues.errors.values()].flat().map(({ title }) => title);
      expect(titles.filter((title) => !EXTRAS.has(title))).toEqual([]);
    }
  );

  test('is a table of 600 px, with a text for each image, and small enough for Gmail', async () => {
    const html = await compiled(blocks);
    const page = new DOMParser().parseFromString(html, 'text/html');
    expect(page.documentElement.lang).toBe('fr');
    expect([...page.images].every((image) => image.hasAttribute('alt'))).toBe(true);
    expect(
      [...page.querySelectorAll('table')].every((table) =>
        ['presentation', 'none'].includes(table.getAttribute('role') ?? '')
      )
    ).toBe(true);
    expect(html).toContain('max-width:600px');
    expect(html).toContain('<!--[if mso | IE]>');
    expect(new TextEncoder().encode(html).length).toBeLessThan(102_400);
  });

  test('runs nothing of what was put into it', async () => {
    const attack = `<img src=x onerror="alert(1)"><script>alert(1)</script></td></mj-text><!--[if mso]><script>alert(1)</script><![endif]--><svg><style><img src=x onerror=alert(1)>`;
    const html = await compiled([
      { id: '1', type: 'html', html: attack },
      { id: '2', type: 'heading', text: attack },
      { id: '3', type: 'text', text: `${attack} [x](javascript:alert(1))` },
      { id: '4', type: 'image', url: 'javascript:alert(1)', alt: `"${attack}`, href: 'javascript:alert(1)' },
      { id: '5', type: 'button', text: attack, url: 'data:text/html,<script>alert(1)</script>' },
      { id: '6', type: 'products', from: 'cart', title: attack, buttonText: attack },
      { id: '7', type: 'social', networks: [{ network: 'website', url: 'https://a.fr"><script>', label: attack }] }
    ]);
    const page = new DOMParser().parseFromString(html, 'text/html');
    expect(page.querySelector('script, svg, iframe')).toBeNull();
    const attributes = [...page.querySelectorAll('*')].flatMap((element) => [...element.attributes]);
    expect(attributes.filter(({ name }) => name.startsWith('on'))).toEqual([]);
    expect(attributes.filter(({ value }) => /^\s*(javascript|data):/i.test(value))).toEqual([]);
    expect(html.match(/<!--[\s\S]*?-->/g)?.filter((comment) => comment.includes('alert(')) ?? []).toEqual([]);
  });
});
