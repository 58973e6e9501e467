import { expect, test } from 'vitest';
import type { Graph } from '$lib/core/graph';
import type { WorkspaceView } from '$lib/core/tables';
import { profileLinkProblems } from './check-profile-link';

const graph = (unit = 'email.send', fields: Record<string, unknown> = {}): Graph => ({
  triggers: [],
  entry: 's1',
  steps: [{ id: 's1', unit, version: 1, fields: { senderId: 'e1', templateId: 't1', ...fields }, next: {} }],
  notes: []
});
const profile = { id: 'f1', type: 'profile_update', isPublic: true, createdAt: 0 };
interface Workspace {
  readonly html?: string;
  readonly accountId?: string | null;
  readonly hasPages?: boolean;
  readonly forms?: readonly object[];
}
const view = ({
  html = '<a href="{{ profile_url }}">',
  accountId = 'a1',
  hasPages = true,
  forms = [profile]
}: Workspace = {}) =>
  ({
    templates: new Map([['t1', { html }]]),
    senders: new Map([['e1', { accountId }]]),
    accounts: new Map([['r1', hasPages ? { pages: { url: 'https://relay.example', site: 'x', forms: {} } } : {}]]),
    forms: new Map(forms.map((form, at) => [`f${at}`, form]))
  }) as unknown as WorkspaceView;
const found = (...args: Parameters<typeof profileLinkProblems>) =>
  profileLinkProblems(...args).map(({ severity, nodeId, words }) => [severity, nodeId, words.key]);

const NO_PAGE = [['warning', 's1', 'words.problem.no_profile_page']];

test('an email that leads to the profile is to have a form that its readers can open', () => {
  expect(found(graph(), view())).toEqual([]);
  expect(found(graph(), view({ hasPages: false }))).toEqual(NO_PAGE);
  expect(found(graph(), view({ forms: [] }))).toEqual(NO_PAGE);
  expect(found(graph(), view({ forms: [{ ...profile, isPublic: undefined }] }))).toEqual(NO_PAGE);
  expect(found(graph(), view({ forms: [{ ...profile, type: 'sign_up' }] }))).toEqual(NO_PAGE);
});

test('others are not, and neither is one that goes to the Sandbox', () => {
  expect(found(graph(), view({ html: '<p>', forms: [] }))).toEqual([]);
  expect(found(graph(), view({ accountId: null, forms: [] }))).toEqual([]);
  expect(found(graph('email.send', { senderId: null }), view({ forms: [] }))).toEqual([]);
  expect(found(graph('sms.send'), view({ forms: [] }))).toEqual([]);
});
