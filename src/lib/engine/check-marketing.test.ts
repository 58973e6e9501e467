import { expect, test } from 'vitest';
import type { Graph } from '$lib/core/graph';
import { PLAIN_BRAND } from '$lib/core/rows/emails';
import type { WorkspaceView } from '$lib/core/tables';
import { marketingProblems } from './check-marketing';

const graph = (fields: Record<string, unknown>, unit = 'email.send'): Graph => ({
  triggers: [],
  entry: 's1',
  steps: [{ id: 's1', unit, version: 1, fields: { senderId: 'e1', ...fields }, next: {} }],
  notes: []
});
const view = ({
  accountId = 'a1',
  footer = '',
  hasPages = false
}: { accountId?: string | null; footer?: string; hasPages?: boolean } = {}) =>
  ({
    senders: new Map([['e1', { accountId }]]),
    accounts: new Map([['r1', hasPages ? { pages: { url: 'https://relay.example', site: 'x', forms: {} } } : {}]]),
    settings: new Map([['workspace', { brand: { ...PLAIN_BRAND, footer } }]])
  }) as unknown as WorkspaceView;
const keys = (...args: Parameters<typeof marketingProblems>) =>
  marketingProblems(...args).map(({ severity, nodeId, words }) => [severity, nodeId, words.key]);

const BY_MAIL = ['warning', 's1', 'words.problem.unsubscribe_by_mail'];
const NO_ADDRESS = ['warning', 's1', 'words.problem.no_postal_address'];

test('a marketing email that leaves is to have a page to unsubscribe and the sender’s postal address', () => {
  expect(keys(graph({ type: 'marketing' }), view())).toEqual([BY_MAIL, NO_ADDRESS]);
  expect(keys(graph({}), view({ footer: ' \n ' }))).toEqual([BY_MAIL, NO_ADDRESS]);
  expect(keys(graph({ type: 'marketing' }), view({ hasPages: true }))).toEqual([NO_ADDRESS]);
  expect(keys(graph({ type: 'marketing' }), view({ hasPages: true, footer: '1 rue du Four, Lyon' }))).toEqual([]);
});

test('one that answers what somebody did, one that goes to the Sandbox, and other steps are to have neither', () => {
  expect(keys(graph({ type: 'transactional' }), view())).toEqual([]);
  expect(keys(graph({ type: 'marketing' }), view({ accountId: null }))).toEqual([]);
  expect(keys(graph({ type: 'marketing', senderId: null }), view())).toEqual([]);
  expect(keys(graph({}, 'sms.send'), view())).toEqual([]);
});
