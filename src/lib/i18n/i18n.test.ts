import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  bytes,
  compareWords,
  date,
  dateTime,
  day,
  duration,
  folded,
  list,
  loadTexts,
  locale,
  m,
  money,
  number,
  percent,
  relative,
  setLocale,
  words
} from '.';

await Promise.all([loadTexts('fr'), loadTexts('en')]);

afterEach(() => setLocale('fr'));

/** No-break spaces read as spaces, so that expectations can be read too. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('messages', () => {
  it('speak the chosen language at once', () => {
    expect(m['nav.home']()).toBe('Accueil');
    void setLocale('en');
    expect(locale()).toBe('en');
    expect(m['nav.home']()).toBe('Home');
  });

  it('are found by a key known only at run time', () => {
    expect(words({ key: 'nav.home' })).toBe('Accueil');
    expect(plain(words({ key: 'ui.chosen', params: { count: 2, shown: '2' } }))).toBe('2 choisis');
    expect(plain(words({ key: 'ui.chosen', params: { count: 1, shown: '1' } }))).toBe('1 choisi');
  });

  it('may hold words and moments', () => {
    const at = Date.UTC(2026, 10, 12, 12);
    expect(words({ key: 'app.title', params: { page: { key: 'nav.home' } } })).toBe('Accueil · Ricochet');
    expect(words({ key: 'app.title', params: { page: { key: 'format.date', params: { at } } } })).toContain(
      '12 nov. 2026'
    );
  });

  it('fall back to the key that a newer version wrote', () => {
    expect(words({ key: 'problem.from_the_future' })).toBe('problem.from_the_future');
  });
});

describe('formats', () => {
  const noon = Date.UTC(2026, 10, 12, 12);
  const timeZone = 'Europe/Paris';

  it('write numbers and money as the language does', () => {
    expect(plain(number(12480))).toBe('12 480');
    expect(plain(money({ minor: 123450, currency: 'EUR' }))).toBe('1 234,50 €');
    expect(plain(money({ minor: 500, currency: 'JPY' }))).toContain('500');
    expect(plain(percent(0.583))).toBe('58 %');
    void setLocale('en');
    expect(number(12480)).toBe('12,480');
    expect(money({ minor: 123450, currency: 'EUR' })).toBe('€1,234.50');
  });

  it('write dates in the given zone', () => {
    expect(date(noon, { timeZone })).toBe('12 nov. 2026');
    expect(day(noon, noon, { timeZone })).toBe('12 nov.');
    expect(day(noon - 365 * 86_400_000, noon, { timeZone })).toBe('12 nov. 2025');
  });

  it('write dates as the region of the browser does, where it speaks the language', () => {
    vi.stubGlobal('navigator', { languages: ['de-CH', 'en-GB', 'en-US', 'fr-CA'] });
    void setLocale('en');
    expect(dateTime(noon, { timeZone })).toBe('12 Nov 2026, 13:00');
    void setLocale('fr');
    expect(plain(dateTime(noon, { timeZone }))).toBe('12 nov. 2026, 13 h 00');
    vi.stubGlobal('navigator', { languages: ['de-CH'] });
    expect(plain(dateTime(noon, { timeZone }))).toBe('12 nov. 2026, 13:00');
    vi.unstubAllGlobals();
  });

  it('write times from now', () => {
    expect(plain(relative(noon - 180_000, noon))).toBe('il y a 3 min');
    expect(relative(noon + 86_400_000, noon)).toBe('demain');
    expect(relative(noon - 20_000, noon)).toBe('maintenant');
  });

  it('write durations by their two largest units', () => {
    expect(plain(duration(3 * 86_400_000))).toBe('3 jours');
    expect(plain(duration(5_400_000, 'short'))).toBe('1 h 30 min');
    expect(plain(duration(0))).toBe('0 seconde');
  });

  it('write lists and sizes', () => {
    expect(list(['a', 'b', 'c'])).toBe('a, b et c');
    expect(plain(bytes(3_240_000))).toBe('3,2 Mo');
    expect(plain(bytes(12))).toBe('12 octets');
  });

  it('sort and search as a reader does', () => {
    expect(['Zoé', 'Élise', 'adam'].sort(compareWords)).toEqual(['adam', 'Élise', 'Zoé']);
    expect(folded('Élise')).toBe('elise');
  });
});
