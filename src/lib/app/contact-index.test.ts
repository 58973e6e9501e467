import { describe, expect, it } from 'vitest';
import { best } from './contact-index';

const ids = ['1', '2', '3', '4'];
const texts = ['zoe martin zoe@ex.fr', 'alice zoller alice@ex.fr', 'paul razoe paul@ex.fr', 'zora lune zora@ex.fr'];

describe('the contacts found in memory', () => {
  it('are those that hold all words; names that begin with the first stand before others', () => {
    expect(best(ids, texts, ['zo'], 9)).toEqual({ ids: ['1', '4', '2', '3'], count: 4 });
    expect(best(ids, texts, ['zo', 'martin'], 9)).toEqual({ ids: ['1'], count: 1 });
  });

  it('are counted beyond those that are given', () => {
    expect(best(ids, texts, ['ex.fr'], 2)).toEqual({ ids: ['1', '2'], count: 4 });
  });
});
