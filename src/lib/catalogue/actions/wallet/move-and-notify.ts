import { defineAction } from '$lib/core/definitions';
import { words } from '$lib/core/words';
import { account, campaign, notification, timing, walletRequest, withoutPass, withPass } from '../../wallet';

export default defineAction({
  id: 'wallet.move_and_notify',
  group: 'wallet',
  icon: 'wallet-cards',
  version: 1,
  fields: { ...account, ...campaign, ...notification, ...timing },
  sentence: ({ fields }) =>
    fields.campaignId.trim() === ''
      ? null
      : words('catalogue.wallet.move_and_notify.sentence', {
          campaign: fields.campaignId.trim(),
          text: fields.text.trim().slice(0, 80)
        }),
  needs: () => ({ parts: ['identities'] }),
  request: ({ fields, ...args }) => walletRequest('move_and_notify', fields, args),
  examples: [
    { fields: { campaignId: 'ete', text: 'Bonjour' }, related: withPass, branch: null },
    {
      fields: { ...{ campaignId: 'ete', text: 'Bonjour' }, when: { at: 'days', days: 1, time: '09:00' } },
      related: withPass,
      branch: null
    },
    { fields: { campaignId: 'ete', text: 'Bonjour' }, related: withoutPass, branch: 'sent' },
    {
      fields: { campaignId: 'ete', text: '{{ contact.CITY }}', onFailure: 'branch' },
      related: withPass,
      branch: 'failed'
    }
  ]
});
