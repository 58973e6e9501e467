import { defineAction } from '$lib/core/definitions';
import { references, yesNo } from '$lib/core/fields';
import { ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { block } from '$lib/records/contacts/consent';
import { namesOf } from '../../names';

export default defineAction({
  id: 'contact.blocklist',
  group: 'contacts',
  icon: 'user-x',
  version: 1,
  fields: {
    /** Marketing emails of all senders. */
    campaigns: yesNo(true),
    /** Transactional emails of these. */
    senderIds: references('senders'),
    /** Promotional SMS. */
    sms: yesNo()
  },
  check: ({ fields }) =>
    fields.campaigns || fields.sms || fields.senderIds.length > 0
      ? []
      : [{ field: 'campaigns', words: words('words.problem.blocks_nothing') }],
  sentence: ({ fields, view }) => {
    const { campaigns, sms, senderIds } = fields;
    const senders = namesOf(view.senders, senderIds);
    if (senders !== '') {
      const key = campaigns
        ? 'catalogue.contact.blocklist.sentence_all'
        : 'catalogue.contact.blocklist.sentence_senders';
      return words(key, { senders });
    }
    if (campaigns && sms) return words('catalogue.contact.blocklist.sentence_both');
    if (campaigns) return words('catalogue.contact.blocklist.sentence_campaigns');
    return sms ? words('catalogue.contact.blocklist.sentence_sms') : null;
  },
  apply: ({ fields, contact, view, now }) => {
    const { campaigns, sms } = fields;
    const senderIds = fields.senderIds.filter((id) => view.senders.has(id));
    const changes = block(contact, { campaigns, sms, senderIds }, now);
    return ok({
      changes,
      events: [],
      words: words(changes.length === 0 ? 'words.step.blocked_already' : 'words.step.blocked')
    });
  },
  examples: [
    { fields: {}, branch: 'next', becomes: { blocklist: { campaigns: true, transactionalSenderIds: [] } } },
    {
      fields: { campaigns: false, senderIds: ['e1'] },
      branch: 'next',
      becomes: { blocklist: { campaigns: false, transactionalSenderIds: ['e1'] } }
    },
    {
      fields: { campaigns: false, sms: true },
      contact: { blocklist: { campaigns: true, transactionalSenderIds: ['e9'] } },
      branch: 'next',
      becomes: { blocklist: { campaigns: true, transactionalSenderIds: ['e9'], sms: true } }
    },
    {
      fields: {},
      contact: { blocklist: { campaigns: true, transactionalSenderIds: [] } },
      branch: 'next',
      changes: []
    }
  ]
});
