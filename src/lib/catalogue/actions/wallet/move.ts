import { defineAction } from '$lib/core/definitions';
import { words } from '$lib/core/words';
import { account, campaign, timing, walletRequest, withoutPass, withPass } from '../../wallet';

export default defineAction({
  id: 'wallet.move',
  group: 'wallet',
  icon: 'wallet-cards',
  version: 1,
  fields: { ...account, ...campaign, ...timing },
  sentence: ({ fields }) =>
    fields.campaignId.trim() === ''
      ? null
      : words('catalogue.wallet.move.sentence', { campaign: fields.campaignId.trim() }),
  needs: () => ({ parts: ['identities'] }),
  request: ({ fields, ...args }) => walletRequest('move', fields, args),
  examples: [
    { fields: { campaignId: 'ete' }, related: withPass, branch: null },
    {
      fields: { ...{ campaignId: 'ete' }, when: { at: 'days', days: 1, time: '09:00' } },
      related: withPass,
      branch: null
    },
    { fields: { campaignId: 'ete' }, related: withoutPass, branch: 'sent' }
  ]
});
