import { afterEach, describe, expect, test, vi } from 'vitest';
import { NAME_HEADER } from '$lib/core/shared-files';
import { carry, kindOf, takeCarried, takeSharedFiles } from './opened-files';

afterEach(() => vi.unstubAllGlobals());

describe('what an opened file is for', () => {
  test.each([
    ['contacts', 'carnet.vcf', '', 'BEGIN:VCARD\r\nVERSION:3.0'],
    ['contacts', 'sans-extension', '', '\ufeffBEGIN:VCARD\nFN:Léa'],
    ['contacts', 'Clients.CSV', '', 'Email,Nom'],
    ['contacts', '', 'text/csv', 'Email,Nom'],
    ['contacts', '', 'text/x-vcard', ''],
    ['workspace', 'atelier.ricochet.json', 'application/json', '{\n"format": "ricochet-workspace",\n"version": 1'],
    ['automations', 'bienvenue.json', '', '{\n  "format": "ricochet-automations"'],
    [null, 'package.json', 'application/json', '{"name":"x"}'],
    [null, 'photo.jpg', 'image/jpeg', 'ÿØ']
  ])('%s: %s %s', async (kind, name, type, content) => {
    expect(await kindOf(new File([content], name, { type }))).toBe(kind);
  });
});

test('a file that is carried to a screen is taken once, by the screen that it is for', () => {
  const file = new File([''], 'a.csv');
  carry('contacts', file);
  expect(takeCarried('workspace')).toBe(null);
  expect(takeCarried('contacts')).toBe(file);
  expect(takeCarried('contacts')).toBe(null);
});

test('shared files leave the cache with whoever takes them; without a cache there are none', async () => {
  vi.stubGlobal('caches', undefined);
  expect(await takeSharedFiles()).toEqual([]);
  const kept = new Map([
    [
      '/shared/0',
      new Response('Email', { headers: { 'content-type': 'text/csv', [NAME_HEADER]: '%C3%A9t%C3%A9.csv' } })
    ]
  ]);
  const cache = {
    keys: () => Promise.resolve([...kept.keys()]),
    match: (key: string) => Promise.resolve(kept.get(key)),
    delete: (key: string) => Promise.resolve(kept.delete(key))
  };
  vi.stubGlobal('caches', { has: () => Promise.resolve(true), open: () => Promise.resolve(cache) });
  const [first, second] = await Promise.all([takeSharedFiles(), takeSharedFiles()]);
  const files = [...first, ...second];
  expect(files.map(({ name, type }) => [name, type])).toEqual([['été.csv', 'text/csv']]);
  expect(await files[0]?.text()).toBe('Email');
  expect(kept.size).toBe(0);
});
