import { momentInstant } from '$lib/core/calendar';
import { defineAction } from '$lib/core/definitions';
import { failurePolicy, moment, reference, text, yesNo } from '$lib/core/fields';
import { PUSH_PLATFORMS } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { nameOf } from '../../names';

export default defineAction({
  id: 'push.send',
  group: 'messages',
  icon: 'bell',
  version: 1,
  fields: {
    /** None: the Sandbox. */
    accountId: reference('accounts', { channel: 'push' }),
    templateId: reference('pushTemplates'),
    /** An existing campaign of the provider, instead of a template of our own. */
    campaignId: text({ max: 200 }),
    ios: yesNo(true),
    android: yesNo(true),
    web: yesNo(true),
    when: moment(),
    onFailure: failurePolicy()
  },
  check: ({ fields }) => [
    ...(fields.templateId === null && fields.campaignId.trim() === ''
      ? [{ field: 'templateId', words: words('words.problem.no_push_content') }]
      : []),
    ...(PUSH_PLATFORMS.some((platform) => fields[platform])
      ? []
      : [{ field: 'ios', words: words('words.problem.no_platform') }])
  ],
  sentence: ({ fields, view }) => {
    const content = nameOf(view.pushTemplates, fields.templateId) ?? fields.campaignId.trim();
    return content === '' ? null : words('catalogue.push.send.sentence', { content });
  },
  needs: () => ({ parts: ['identities'] }),
  request: ({ fields, contact, event, related, view, at, now, render }) => {
    const template = view.pushTemplates.get(fields.templateId ?? '');
    if (fields.templateId !== null && !template) return { fail: words('words.step.template_gone') };
    const to = (related.identities ?? []).filter(({ kind }) => kind === 'push').map(({ value }) => value);
    if (to.length === 0) return { skip: words('words.step.no_push') };
    const timeZone = view.settings.get('workspace')?.timeZone ?? 'UTC';
    const campaignId = fields.campaignId.trim();
    const place = { contact, event, view, now };
    const content = ['title', 'body', 'url', 'imageUrl'] as const;
    const rendered: Partial<Record<(typeof content)[number], string>> = {};
    if (template)
      for (const part of content) {
        const said = render.text({ ...place, liquid: template[part] });
        if (!said.ok) return { fail: said.reason };
        if (said.value.trim() !== '') rendered[part] = said.value.trim();
      }
    if (template && rendered.body === undefined && campaignId === '')
      return { fail: words('words.step.empty_message') };
    return {
      accountId: fields.accountId,
      ...(fields.when === null ? {} : { at: momentInstant(fields.when, at, timeZone) }),
      send: {
        channel: 'push',
        to,
        platforms: PUSH_PLATFORMS.filter((platform) => fields[platform]),
        ...(campaignId === '' ? {} : { campaignId }),
        pushName: template?.name ?? campaignId,
        ...rendered
      }
    };
  },
  examples: [
    { fields: { templateId: 'n1' }, related: { identities: [{ kind: 'push', value: 'd1', contactId: 'c1' }] }, branch: null }, // prettier-ignore
    { fields: { campaignId: 'k1', web: false }, related: { identities: [{ kind: 'push', value: 'd1', contactId: 'c1' }] }, branch: null }, // prettier-ignore
    { fields: { templateId: 'n1' }, related: { identities: [] }, branch: 'sent' },
    { fields: { templateId: 'n1' }, related: { identities: [{ kind: 'email', value: 'a@b.fr', contactId: 'c1' }] }, branch: 'sent' }, // prettier-ignore
    { fields: { templateId: 'gone', onFailure: 'branch' }, related: { identities: [] }, branch: 'failed' }
  ]
});
