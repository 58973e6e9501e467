import { describe, expect, it } from 'vitest';
import { columnsOf, daysAsked, periodOf } from './periods';

const NOW = Date.UTC(2027, 0, 5, 23, 30);
const PARIS = 'Europe/Paris';
const none = { span: null, from: null, to: null };

describe('a period', () => {
  it('is of whole days where the user lives, today included', () => {
    expect(daysAsked({ ...none, span: '7' }, NOW, PARIS)).toEqual({ span: 7, from: '2026-12-31', to: '2027-01-06' });
    expect(periodOf({ span: 7, from: '2026-12-31', to: '2027-01-06' }, PARIS)).toEqual({
      from: Date.UTC(2026, 11, 30, 23),
      to: Date.UTC(2027, 0, 6, 23)
    });
  });

  it('is the last thirty days where the address asks for none, or for nonsense', () => {
    expect(daysAsked(none, NOW, PARIS).span).toBe(30);
    expect(daysAsked({ span: 'own', from: '2027-02-31', to: '2027-03-01' }, NOW, PARIS).span).toBe(30);
    expect(daysAsked({ span: 'own', from: '2027-03-02', to: '2027-03-01' }, NOW, PARIS).span).toBe(30);
    expect(daysAsked({ span: 'own', from: '2027-01-01', to: '2027-01-02' }, NOW, PARIS).span).toBe('own');
  });

  it('has a column for each day, and for each month where it is long', () => {
    const days = { '2027-01-02': { entered: 2, completed: 1 }, '2027-03-01': { entered: 1, completed: 0 } };
    const short = columnsOf(days, { span: 'own', from: '2027-01-01', to: '2027-01-03' });
    expect(short.columns.map(({ entered }) => entered)).toEqual([0, 2, 0]);
    const long = columnsOf(days, { span: 'own', from: '2026-12-15', to: '2027-03-31' });
    expect(long.by).toBe('month');
    expect(long.columns.map(({ date, entered }) => [date, entered])).toEqual([
      ['2026-12-15', 0],
      ['2027-01-01', 2],
      ['2027-02-01', 0],
      ['2027-03-01', 1]
    ]);
  });

  it('from the beginning starts with the first day that has anything', () => {
    const days = { '2027-01-02': { entered: 2, completed: 1 } };
    expect(columnsOf(days, { span: 'all', from: null, to: '2027-01-04' }).columns).toHaveLength(3);
    expect(columnsOf({}, { span: 'all', from: null, to: '2027-01-04' }).columns).toHaveLength(1);
  });
});
