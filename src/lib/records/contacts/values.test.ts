import { describe, expect, test } from 'vitest';
import type { AttributeKind, AttributeValue } from '$lib/core/rows/contacts';
import { parseAttributeValue } from './values';

const options = [
  { id: 'o1', name: 'Céramique' },
  { id: 'o2', name: 'Yoga' }
];

describe('the value an attribute takes', () => {
  test.each<[AttributeKind, unknown, AttributeValue | null]>([
    ['text', '  Léa ', 'Léa'],
    ['text', '', null],
    ['number', '1 234,56', 1234.56],
    ['number', '1.234,56', 1234.56],
    ['number', '1,234.56', 1234.56],
    ['number', '1,5', 1.5],
    ['number', '1.234.567', 1234567],
    ['number', '-12 €', -12],
    ['date', '05/01/2027', '2027-01-05'],
    ['date', '2027-1-5T09:00:00Z', '2027-01-05'],
    ['yesNo', 'Oui', true],
    ['yesNo', 'false', false],
    ['choice', 'yoga', 'o2'],
    ['choices', 'Yoga, o1', ['o2', 'o1']]
  ])('%s from %j is %j', (kind, given, value) => {
    expect(parseAttributeValue({ name: 'A', kind, options }, given)).toEqual({ ok: true, value });
  });

  test.each<[AttributeKind, unknown, string]>([
    ['number', 'douze', 'words.value.not_a_number'],
    ['number', '1e400', 'words.value.not_a_number'],
    ['number', '99999999999999999999', 'words.value.number_too_large'],
    ['number', '1.23.4', 'words.value.not_a_number'],
    ['date', '31/02/2027', 'words.value.not_a_date'],
    ['date', 'demain', 'words.value.not_a_date'],
    ['yesNo', 'peut-être', 'words.value.not_yes_or_no'],
    ['choice', 'Judo', 'words.value.not_an_option'],
    ['text', 'x'.repeat(10_001), 'words.value.too_long'],
    ['text', { a: 1 }, 'words.value.not_a_value']
  ])('%s refuses %j', (kind, given, key) => {
    expect(parseAttributeValue({ name: 'A', kind, options }, given)).toMatchObject({ ok: false, reason: { key } });
  });
});
