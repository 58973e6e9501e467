import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { search } from './found';

const named = (...labels: string[]) => labels.map((label) => ({ label }));
const labels = (found: readonly { label: string }[]) => found.map(({ label }) => label);

describe('a search by name', () => {
  it('puts first what begins with the word, then where a word of it does, then the rest', () => {
    const items = named('Ma bienvenue', 'Rebienvenue', 'Bienvenue à tous', 'Bienvenue');
    expect(labels(search(items, 'bienv', 9))).toEqual(['Bienvenue', 'Bienvenue à tous', 'Ma bienvenue', 'Rebienvenue']);
  });

  it('does not mind accents, capitals and the order of words', () => {
    expect(labels(search(named('Été à Évry', 'Hiver'), 'EVRY ete', 9))).toEqual(['Été à Évry']);
  });

  it('finds by further words too, after those found by name', () => {
    const items = [{ label: 'Newsletter', also: 'Liste' }, { label: 'Liste d’attente' }];
    expect(labels(search(items, 'liste', 9))).toEqual(['Liste d’attente', 'Newsletter']);
  });

  it('finds nothing for no words, and never more than asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), fc.nat(5), (texts, query, limit) => {
        const found = search(named(...texts), query, limit);
        expect(found.length).toBeLessThanOrEqual(limit);
        if (query.trim() === '') expect(found).toEqual([]);
      })
    );
  });
});
