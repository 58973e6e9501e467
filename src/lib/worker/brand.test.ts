import { afterEach, beforeEach, expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import { PLAIN_BRAND, type Brand } from '$lib/core/rows/emails';
import { settingsEdits } from './edits/settings';
import { settings, START, template, World } from './testing/world';

const brand: Brand = { ...PLAIN_BRAND, accent: '#1f6f8b' };
let world: World;

beforeEach(async () => {
  world = new World();
  await world.put(
    create('settings', 'workspace', settings),
    create('templates', 'h1', { ...template, id: 'h1', source: { editor: 'html' }, html: '<p>À la main</p>' }),
    create('templates', 'b1', { ...template, id: 'b1', source: { editor: 'blocks', blocks: [] }, html: 'avant' })
  );
});
afterEach(() => world.close());

const htmlOf = async (id: string) => (await world.all('templates')).find((row) => row.id === id)?.html;
const kept = async () => (await world.all('settings'))[0]?.brand;

test('a brand is saved with what the templates made of blocks become, and those by hand stay', async () => {
  const compiled = [
    { id: 'b1', updatedAt: template.updatedAt, html: 'après' },
    { id: 'h1', updatedAt: template.updatedAt, html: 'non' }
  ];
  expect(await settingsEdits(world.desk).save({ brand }, compiled)).toEqual({ ok: true, value: undefined });
  expect(await kept()).toEqual(brand);
  expect([await htmlOf('b1'), await htmlOf('h1')]).toEqual(['après', '<p>À la main</p>']);
});

test.each([
  ['changed since', [{ id: 'b1', updatedAt: START - 1, html: 'après' }]],
  ['made since', []]
])('nothing is saved where a template was %s', async (_, compiled) => {
  const refused = await settingsEdits(world.desk).save({ brand }, compiled);
  expect(refused).toMatchObject({ ok: false, reason: { key: 'words.settings.templates_changed' } });
  expect([await kept(), await htmlOf('b1')]).toEqual([undefined, 'avant']);
});

test('another language is saved with what the templates become in it, and nothing without them', async () => {
  const compiled = [{ id: 'b1', updatedAt: template.updatedAt, html: 'after' }];
  const { save } = settingsEdits(world.desk);
  expect(await save({ language: 'en' })).toMatchObject({ reason: { key: 'words.settings.templates_changed' } });
  expect(await save({ language: 'en' }, compiled)).toEqual({ ok: true, value: undefined });
  expect([(await world.all('settings'))[0]?.language, await htmlOf('b1')]).toEqual(['en', 'after']);
  // What changes no email asks for none.
  expect(await save({ language: 'en', name: 'Atelier' })).toEqual({ ok: true, value: undefined });
  expect(await htmlOf('b1')).toBe('after');
});

test('a brand of another shape is refused', async () => {
  const compiled = [{ id: 'b1', updatedAt: template.updatedAt, html: 'après' }];
  const refused = await settingsEdits(world.desk).save({ brand: { ...brand, accent: 'red' } }, compiled);
  expect(refused).toMatchObject({ ok: false, reason: { key: 'words.settings.invalid' } });
  expect(await htmlOf('b1')).toBe('avant');
});
