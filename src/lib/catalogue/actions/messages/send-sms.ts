import { defineAction } from '$lib/core/definitions';
import { choice, failurePolicy, reference, text } from '$lib/core/fields';
import { words } from '$lib/core/words';

/** Ten messages in GSM letters: what providers take at most. */
const LONGEST = 1_530;

export default defineAction({
  id: 'sms.send',
  group: 'messages',
  icon: 'message-square',
  version: 1,
  fields: {
    templateId: reference('smsTemplates'),
    /** Instead of a template. */
    text: text({ long: true, liquid: true, max: LONGEST }),
    senderId: reference('smsSenders', { required: true }),
    /** Promotional ones respect the opt-out, the send window and the cap, and say how to stop; transactional ones answer something. */
    type: choice(['promotional', 'transactional'], 'promotional'),
    tag: text({ max: 100 }),
    onFailure: failurePolicy()
  },
  check: ({ fields }) =>
    fields.templateId === null && fields.text.trim() === ''
      ? [{ field: 'text', words: words('words.problem.no_sms_text') }]
      : [],
  sentence: ({ fields, view }) => {
    const template = view.smsTemplates.get(fields.templateId ?? '');
    const said = template?.name ?? fields.text.trim().slice(0, 80);
    return said === '' ? null : words('catalogue.sms.send.sentence', { text: said });
  },
  request: ({ fields, contact, event, view, now, render }) => {
    const template = view.smsTemplates.get(fields.templateId ?? '');
    if (fields.templateId !== null && !template) return { fail: words('words.step.template_gone') };
    const sender = view.smsSenders.get(fields.senderId ?? '');
    if (!sender) return { fail: words('words.step.sender_gone') };
    if (contact.phone === undefined) return { skip: words('words.step.no_phone') };
    const liquid = template?.text ?? fields.text;
    const rendered = render.sms({ liquid, kind: fields.type, contact, event, view, now });
    if (!rendered.ok) return { fail: rendered.reason };
    if (rendered.value === '') return { fail: words('words.step.empty_message') };
    if (rendered.value.length > LONGEST) return { fail: words('words.step.sms_too_long', { most: LONGEST }) };
    return {
      accountId: sender.accountId,
      send: {
        channel: 'sms',
        kind: fields.type,
        senderId: sender.id,
        from: sender.name,
        to: contact.phone,
        smsName: template?.name ?? fields.text.trim().slice(0, 80),
        ...(fields.tag === '' ? {} : { tag: fields.tag }),
        text: rendered.value
      }
    };
  },
  examples: [
    { fields: { templateId: 'x1', senderId: 'p1' }, contact: { phone: '+33612345678' }, branch: null },
    { fields: { text: 'Bonjour {{ contact.FIRSTNAME }}', senderId: 'p1' }, contact: { phone: '+33612345678' }, branch: null }, // prettier-ignore
    { fields: { text: 'Bonjour', senderId: 'p1' }, contact: { phone: undefined }, branch: 'sent' },
    { fields: { text: 'Bonjour', senderId: 'gone', onFailure: 'branch' }, contact: { phone: '+33612345678' }, branch: 'failed' }, // prettier-ignore
    { fields: { text: '{{ contact.CITY }}', senderId: 'p1', type: 'transactional', onFailure: 'branch' }, contact: { phone: '+33612345678' }, branch: 'failed' } // prettier-ignore
  ]
});
