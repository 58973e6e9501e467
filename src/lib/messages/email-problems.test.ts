import { describe, expect, test } from 'vitest';
import type { EmailBlock } from '$lib/core/rows/emails';
import { words } from '$lib/core/words';
import { emailProblems, type CheckedEmail } from './email-problems';

const fine: CheckedEmail = { subject: 'La lettre', preheader: '', blocks: [], html: '', bytes: 4_000, broken: null };
const found = (email: Partial<CheckedEmail>) =>
  emailProblems({ ...fine, ...email }, new Set(['FIRSTNAME'])).map(({ words: { key }, blockId }) => [key, blockId]);
const block = (part: Partial<EmailBlock> & Pick<EmailBlock, 'type'>): EmailBlock =>
  ({ id: 'b', ...part }) as EmailBlock;

describe('what a reader would stumble over', () => {
  test('nothing, in an email that is as it should be', () => {
    const blocks = [
      block({ type: 'text', text: "Bonjour {{ contact.FIRSTNAME | default: 'vous' }}, {{ contact.email }}" }),
      block({ type: 'button', text: 'Lire', url: 'https://a.fr' }),
      block({ type: 'image', url: 'https://a.fr/a.png', alt: 'Un vase' })
    ];
    expect(found({ blocks })).toEqual([]);
  });

  test.each<[Partial<CheckedEmail>, string, string | null]>([
    [{ subject: ' ' }, 'words.email.no_subject', null],
    [{ subject: 'a'.repeat(61) }, 'words.email.long_subject', null],
    [{ subject: '{{ contact.FIRSTNAME }}' }, 'words.email.no_fallback', null],
    [{ html: '<p>{{ contact.AGE }}</p>' }, 'words.email.unknown_attribute', null],
    [{ bytes: 102_001 }, 'words.email.too_large', null],
    [{ broken: words('words.message.liquid', { problem: 'x' }) }, 'words.message.liquid', null],
    [{ blocks: [block({ type: 'image', url: '', alt: '' })] }, 'words.email.no_image', 'b'],
    [{ blocks: [block({ type: 'image', url: 'https://a.fr/a.png', alt: '' })] }, 'words.email.no_alt', 'b'],
    [{ blocks: [block({ type: 'image', url: 'http://a.fr/a.png', alt: 'a' })] }, 'words.email.image_not_https', 'b'],
    [{ blocks: [block({ type: 'button', text: 'Lire', url: 'https://' })] }, 'words.email.no_link', 'b'],
    [{ blocks: [block({ type: 'social', networks: [] })] }, 'words.email.no_network', 'b'],
    [{ blocks: [block({ type: 'html', html: '' })] }, 'words.email.empty_html', 'b'],
    [
      { blocks: [{ id: 'c', type: 'columns', columns: [[{ id: 'b', type: 'text', text: '{{ contact.NOM }}' }], []] }] },
      'words.email.unknown_attribute',
      'b'
    ]
  ])('%j', (email, key, blockId) => {
    expect(found(email)).toEqual([[key, blockId]]);
  });
});
