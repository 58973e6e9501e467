import { beforeAll, expect, test } from 'vitest';
import type { WorkspaceView } from '$lib/core/tables';
import { loadTexts, setLocale } from '$lib/i18n';
import { eventDetail } from './event-words';

beforeAll(async () => {
  await setLocale('fr');
  await loadTexts('fr');
});

test.each([
  ['email.opened', { messageId: 'm1', emailName: 'Bienvenue', tag: 'accueil' }, '«\u00A0Bienvenue\u00A0» · accueil'],
  ['sms.delivered', { messageId: 'm1', smsName: 'Rappel', tag: '' }, '«\u00A0Rappel\u00A0»'],
  ['push.clicked', { pushName: 'Stage', attribution: 'notification', notificationId: 'n1' }, '«\u00A0Stage\u00A0» · notification'] // prettier-ignore
])('%s names its message first', (type, properties, said) => {
  expect(eventDetail({ type, properties }, {} as WorkspaceView)).toBe(said);
});
