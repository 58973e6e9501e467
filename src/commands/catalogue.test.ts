import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

async function printed(...options: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['src/commands/catalogue.mjs', ...options], { maxBuffer: 10_000_000 });
  return JSON.parse(stdout) as unknown;
}

test('the catalogue is printed as JSON, one object a unit, named in both languages', async () => {
  const rows = (await printed()) as Record<string, unknown>[];
  expect(rows).toContainEqual({
    kind: 'trigger',
    id: 'contact.added_to_list',
    group: 'contacts',
    name: { fr: 'Contact ajouté à une liste', en: 'Contact added to a list' },
    filters: [],
    settings: ['listIds'],
    examples: 3
  });
  expect(rows.find(({ id }) => id === 'email.opened')).toMatchObject({ filters: ['emailName', 'tag', 'emailType'] });
  expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['trigger', 'action', 'rule']));
});

interface Row {
  readonly id: string;
  readonly name: { readonly fr: string; readonly en: string };
}

test('every row that was promised is there, named exactly so, and stands in the README', async () => {
  const rows = (await printed()) as Row[];
  const promised = JSON.parse(readFileSync('tests/fixtures/catalogue.json', 'utf8')) as {
    id: string;
    fr: string;
    en: string;
  }[];
  const named = rows.map(({ id, name: { fr, en } }) => ({ id, fr, en }));
  expect(named).toEqual(expect.arrayContaining(promised));
  expect(promised).toHaveLength(64);
  const readme = readFileSync('README.md', 'utf8');
  const listed = [...readme.matchAll(/^\| `([a-z_.]+)` +\| /gm)].map(([, id]) => id);
  expect(listed).toEqual(rows.map(({ id }) => id));
});

test('the schema of the workspace file is a JSON Schema', async () => {
  expect(await printed('--schema')).toMatchObject({
    type: 'object',
    properties: { format: { const: 'ricochet-workspace' }, automations: { type: 'array' } }
  });
});
