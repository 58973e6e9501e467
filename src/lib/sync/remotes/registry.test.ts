import { expect, it } from 'vitest';
import { readMessages } from '../../../commands/messages.mjs';
import { remotes } from './registry';

const keys = Object.keys(readMessages('en')).filter((key) => key.startsWith('remotes.'));

it('has words for each kind of remote, its steps and its fields, and no others', () => {
  const needed = [...remotes].flatMap(([id, { fields, steps }]) => [
    `remotes.${id}.text`,
    ...steps.map(({ name }) => `remotes.${id}.steps.${name}`),
    ...Object.keys(fields).map((name) => `remotes.${id}.fields.${name}.label`)
  ]);
  const helps = [...remotes].flatMap(([id, { fields }]) =>
    Object.keys(fields).map((name) => `remotes.${id}.fields.${name}.help`)
  );
  expect(needed.filter((key) => !keys.includes(key))).toEqual([]);
  expect(keys.filter((key) => !needed.includes(key) && !helps.includes(key))).toEqual([]);
});

it('has something to copy that lets pages of this origin call', () => {
  for (const [id, { steps }] of remotes) {
    const copied = steps.map(({ copy }) => copy?.('https://app.example') ?? '');
    expect(copied.join('\n'), id).toContain('https://app.example');
  }
});
