import { defineAction } from '$lib/core/definitions';
import { choice, failurePolicy, reference, text } from '$lib/core/fields';
import { words } from '$lib/core/words';

export default defineAction({
  id: 'email.send',
  group: 'messages',
  icon: 'mail',
  version: 1,
  fields: {
    templateId: reference('templates', { required: true }),
    senderId: reference('senders', { required: true }),
    /** Marketing respects the campaign blocklist and carries an unsubscribe link; transactional answers something the contact did. */
    type: choice(['marketing', 'transactional'], 'marketing'),
    tag: text({ max: 100 }),
    onFailure: failurePolicy()
  },
  sentence: ({ fields, view }) => {
    const template = view.templates.get(fields.templateId ?? '');
    const sender = view.senders.get(fields.senderId ?? '');
    if (!template) return null;
    return words(sender ? 'catalogue.email.send.sentence' : 'catalogue.email.send.sentence_no_sender', {
      template: template.name,
      sender: sender?.name ?? ''
    });
  },
  request: ({ fields, contact, event, view, now, render }) => {
    const template = view.templates.get(fields.templateId ?? '');
    if (!template) return { fail: words('words.step.template_gone') };
    const sender = view.senders.get(fields.senderId ?? '');
    if (!sender) return { fail: words('words.step.sender_gone') };
    if (contact.email === undefined) return { skip: words('words.step.no_email') };
    const content = render.email({ template, sender, kind: fields.type, contact, event, view, now });
    if (!content.ok) return { fail: content.reason };
    const { FIRSTNAME: first, LASTNAME: last } = contact.attributes;
    const name = [first, last].filter((part) => typeof part === 'string' && part !== '').join(' ');
    return {
      accountId: sender.accountId,
      send: {
        channel: 'email',
        kind: fields.type,
        senderId: sender.id,
        from: { name: sender.name, email: sender.email },
        to: name === '' ? { email: contact.email } : { name, email: contact.email },
        templateId: template.id,
        emailName: template.name,
        ...(fields.tag === '' ? {} : { tag: fields.tag }),
        ...content.value
      }
    };
  },
  examples: [
    {
      fields: { templateId: 'm1', senderId: 'e1' },
      contact: { email: 'lea@exemple.fr', attributes: { FIRSTNAME: 'Léa' } },
      branch: null
    },
    { fields: { templateId: 'm1', senderId: 'e1' }, contact: { email: undefined }, branch: 'sent' }
  ]
});
