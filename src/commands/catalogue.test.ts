import { execFile } from 'node:child_process';
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

test('the schema of the workspace file is a JSON Schema', async () => {
  expect(await printed('--schema')).toMatchObject({
    type: 'object',
    properties: { format: { const: 'ricochet-workspace' }, automations: { type: 'array' } }
  });
});
