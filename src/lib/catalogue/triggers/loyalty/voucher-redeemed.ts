import { defineTrigger } from '$lib/core/definitions';
import { voucherRedeemed } from '$lib/core/events/loyalty';
import { eventFilters } from '$lib/core/fields';
import { words } from '$lib/core/words';
import { anyOf, bothWays, is } from '../../filter-examples';

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
  sentence: ({ fields }) =>
    words(
      fields.filters === null
        ? 'catalogue.loyalty.voucher_redeemed.sentence'
        : 'catalogue.loyalty.voucher_redeemed.sentence_filtered'
    ),
  examples: [
    { fields: {}, properties: event, enters: true },
    ...bothWays(event, {
      programId: anyOf('p1'),
      code: is('MERCI-10'),
      voucherId: is('v1')
    })
  ]
});
