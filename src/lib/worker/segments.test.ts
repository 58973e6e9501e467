import { expect, test } from 'vitest';
import { create } from '$lib/core/changes';
import type { Condition } from '$lib/core/filter-tree';
import { segmentEdits } from './edits/segments';
import { Removals } from './removals';
import { attributes, settings, World } from './testing/world';

const condition = (attributeId: string, value: string): Condition => ({
  subject: { of: 'attribute', attributeId },
  kind: 'text',
  operator: 'is',
  value
});

test('a segment with an unfinished condition, or one on an attribute that is gone, is refused in words', async () => {
  const made = new World();
  await made.put(
    create('settings', 'workspace', settings),
    ...attributes.map((attribute) => create('attributes', attribute.id, attribute))
  );
  await made.open();
  const save = (filters: Condition) =>
    segmentEdits(made.desk, new Removals(made.desk)).save({ name: 'Les Zoé', filters });
  expect(await save(condition('FIRSTNAME', ''))).toMatchObject({
    reason: { key: 'words.problem.filter_value_missing' }
  });
  expect(await save(condition('GONE', 'x'))).toMatchObject({ reason: { key: 'words.problem.filter_attribute_gone' } });
  expect(await made.all('segments')).toEqual([]);
  expect(await save(condition('FIRSTNAME', 'Zoé'))).toMatchObject({ ok: true });
});
