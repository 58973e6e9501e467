import { expect, test } from 'vitest';
import type { OutboxRow } from '$lib/core/rows/messages';
import { recipientPage } from './recipient-page';

const row = { contactId: 'c 1', automationId: 'f1' } as OutboxRow;

test('a message leads to its contact, and one that asks somebody unknown to confirm, to the form', () => {
  expect(recipientPage(row)).toBe('/contacts/c%201');
  expect(recipientPage({ ...row, optInId: 'o1' }, 'messages')).toBe('/contacts/c%201?tab=messages');
  expect(recipientPage({ ...row, contactId: 'o1', optInId: 'o1' })).toBe('/forms/f1?tab=submissions');
});
