import { defineTrigger } from '$lib/core/definitions';
import { voucherRedeemed } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { anyOf, bothWays, is } from '../../filter-examples';
import { filteredSentence } from '../../filtered';

const event = { programId: 'p1', voucherId: 'v1', code: 'MERCI-10' };

export default defineTrigger({
  id: 'loyalty.voucher_redeemed',
  group: 'loyalty',
  icon: 'ticket-check',
  version: 1,
  fields: {
    filters: eventFilters({
      programId: voucherRedeemed.properties.programId,
      code: voucherRedeemed.properties.code,
      voucherId: voucherRedeemed.properties.voucherId
    })
  },
  event: voucherRedeemed,
  sentence: ({ fields, view }) => filteredSentence(fields.filters, view, 'catalogue.loyalty.voucher_redeemed.sentence'),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      code: is('MERCI-10'),
      voucherId: is('v1')
    })
  ]
});
