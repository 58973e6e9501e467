import { defineAction } from '$lib/core/definitions';
import { words } from '$lib/core/words';
import { account, notification, timing, walletRequest, withoutPass, withPass } from '../../wallet';

export default defineAction({
  id: 'wallet.notify',
  group: 'wallet',
  icon: 'wallet',
  version: 1,
  fields: { ...account, ...notification, ...timing },
  sentence: ({ fields }) =>
    fields.text.trim() === ''
      ? null
      : words('catalogue.wallet.notify.sentence', { text: fields.text.trim().slice(0, 80) }),
  needs: () => ({ parts: ['identities'] }),
  request: ({ fields, ...args }) => walletRequest('notify', fields, args),
  examples: [
    { fields: { text: 'Bonjour {{ contact.FIRSTNAME }}' }, related: withPass, branch: null },
    {
      fields: { ...{ text: 'Bonjour {{ contact.FIRSTNAME }}' }, when: { at: 'days', days: 1, time: '09:00' } },
      related: withPass,
      branch: null
    },
    { fields: { text: 'Bonjour {{ contact.FIRSTNAME }}' }, related: withoutPass, branch: 'sent' },
    { fields: { text: '{{ contact.CITY }}', onFailure: 'branch' }, related: withPass, branch: 'failed' }
  ]
});
