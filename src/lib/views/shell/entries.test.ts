import { describe, expect, it, test } from 'vitest';
import { currentEntry, showsAutomation, type NavigationEntry } from './entries';

const entry = (id: string, href: string): NavigationEntry => ({ id, href, label: id, icon: 'house', group: 'main' });

describe.each(['', '/app'])('the current entry under %j', (base) => {
  const entries = [entry('home', `${base}/`), entry('contacts', `${base}/contacts`), entry('lists', `${base}/lists`)];

  it('is home on the home screen only', () => {
    expect(currentEntry(entries, `${base}/`)).toBe('home');
    expect(currentEntry(entries, `${base}/elsewhere`)).toBeUndefined();
  });

  it('is the screen a record belongs to', () => {
    expect(currentEntry(entries, `${base}/contacts`)).toBe('contacts');
    expect(currentEntry(entries, `${base}/contacts/c1/timeline`)).toBe('contacts');
    expect(currentEntry(entries, `${base}/contactsheet`)).toBeUndefined();
  });
});

test('the views of an automation are told from the lists beside it', () => {
  for (const path of ['/automations/a1', '/app/automations/a1/simulate']) expect(showsAutomation(path)).toBe(true);
  for (const path of ['/automations', '/automations/', '/automations/gallery', '/automations/import', '/contacts/a1'])
    expect(showsAutomation(path)).toBe(false);
});
