import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attribute } from '$lib/core/rows/contacts';
import type { Form, FormField } from '$lib/core/rows/forms';
import { readAnswers } from './answers';
import { shownAnswers } from './shown';

const attribute = (id: string, kind: Attribute['kind'], options?: Attribute['options']): [string, Attribute] => [
  id,
  { id, name: id.toLowerCase(), kind, ...(options ? { options } : {}), createdAt: 0 }
];
const options = [
  { id: 'a', name: 'Pain' },
  { id: 'b', name: 'Brioche' }
];
const attributes = new Map([
  attribute('FIRST', 'text'),
  attribute('BORN', 'date'),
  attribute('CHILDREN', 'number'),
  attribute('REGULAR', 'yesNo'),
  attribute('BEST', 'choice', options),
  attribute('TOPICS', 'choices', options)
]);
const field = (id: string, asks: FormField['asks'], label = ''): FormField => ({
  id,
  asks,
  label,
  help: '',
  required: false
});
const ofAttribute = (attributeId: string, label = '') => field(attributeId, { for: 'attribute', attributeId }, label);
const form: Form = {
  id: 'f1',
  name: 'Marché',
  type: 'sign_up',
  title: '',
  intro: '',
  fields: [
    field('email', { for: 'email' }),
    field('phone', { for: 'phone' }),
    ofAttribute('FIRST', 'Prénom'),
    ...['BORN', 'CHILDREN', 'REGULAR', 'BEST', 'TOPICS'].map((id) => ofAttribute(id))
  ],
  listIds: [],
  consent: '',
  button: '',
  thanks: '',
  createdAt: 0,
  updatedAt: 0
};
const texts = { phone: 'Téléphone', yes: 'Oui', no: 'Non' };

function shown(values: Record<string, unknown>, of: Pick<Form, 'fields'> = form) {
  const answers = readAnswers({ ...form, ...of }, { values: { email: 'zoe@exemple.fr', ...values }, consent: false }, attributes, 'FR'); // prettier-ignore
  if (!answers.ok) throw new Error(JSON.stringify(answers.reason));
  return shownAnswers(of, answers.value, attributes, 'fr', texts);
}

describe('the answers that a reader is asked about', () => {
  it('are those that were given, as one reads them, in the order of the form and without the address', () => {
    const all = { phone: '0612345678', FIRST: 'Zoé', BORN: '1990-05-01', CHILDREN: '1234,5', REGULAR: 'yes', BEST: 'a', TOPICS: ['b', 'a'] }; // prettier-ignore
    expect(shown(all)).toEqual({
      answers: [
        ['Téléphone', '+33612345678'],
        ['Prénom', 'Zoé'],
        ['born', '1 mai 1990'],
        ['children', '1234,5'],
        ['regular', 'Oui'],
        ['best', 'Pain'],
        ['topics', 'Brioche, Pain']
      ],
      hasMore: false
    });
    expect(shown({ REGULAR: 'no' }).answers).toEqual([['regular', 'Non']]);
    expect(shown({})).toEqual({ answers: [], hasMore: false });
  });

  it('stay on one line in one direction, and are cut where they are long', () => {
    const { answers } = shown({ FIRST: `GAGNEZ\n1000 €\u202e sur\u2028x.example ${'!'.repeat(4_000)}` });
    expect(answers[0]?.[1]).toMatch(/^GAGNEZ 1000 € {1,2}sur x\.example !+…$/);
    expect(Array.from(answers[0]?.[1] ?? '').length).toBeLessThanOrEqual(120);
  });

  it('fit into a link whatever was typed, the first of them as far as there is room', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    const many = fc.array(fc.tuple(text, text), { maxLength: 40 });
    fc.assert(
      fc.property(many, (pairs) => {
        const fields = pairs.map(([label], at) => field(`q${at}`, { for: 'attribute', attributeId: `A${at}` }, label));
        const own = new Map(pairs.map((_, at) => attribute(`A${at}`, 'text')));
        const given = Object.fromEntries(pairs.map(([, answer], at) => [`A${at}`, answer]));
        const { answers, hasMore } = shownAnswers({ fields }, { attributes: given, shown: {}, consent: false }, own, 'fr', texts); // prettier-ignore
        expect(Buffer.byteLength(JSON.stringify(answers))).toBeLessThanOrEqual(800);
        expect(hasMore).toBe(answers.length < pairs.length);
        for (const [at, [asked, answer]] of answers.entries()) {
          expect(`${asked}${answer}`).not.toMatch(/[\n\r\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
          const whole = String(pairs[at]?.[1]).trim();
          if (!answer.endsWith('…')) expect(whole.length).toBeGreaterThanOrEqual(answer.length);
        }
      })
    );
  });
});
