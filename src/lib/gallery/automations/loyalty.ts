import type { FilterTree } from '$lib/core/filter-tree';
import { createTask, emailOf, fileOf, inDays, sendEmail, split } from '../parts';
import type { ReadyAutomation } from '../ready';

const id = 'loyalty';

const reaches = (tier: string): FilterTree => ({
  subject: { of: 'event', property: 'toTierId' },
  kind: 'choice',
  operator: 'anyOf',
  value: [tier]
});

/** Going down from Gold to Silver is nothing to be congratulated on. */
const COMES_FROM_NOTHING: FilterTree = {
  subject: { of: 'event', property: 'fromTierId' },
  kind: 'choice',
  operator: 'isUnknown'
};

export const loyalty: ReadyAutomation = {
  id,
  icon: 'trophy',
  purpose: 'keep',
  file: (text, site) =>
    fileOf(text, {
      id,
      note: text(`${id}.note`),
      settings: { reentry: { mode: 'after_leaving' } },
      graph: {
        triggers: [
          {
            id: 'tier',
            unit: 'loyalty.tier_updated',
            version: 1,
            fields: {
              filters: {
                subject: { of: 'event', property: 'programId' },
                kind: 'choice',
                operator: 'anyOf',
                value: ['program']
              }
            }
          }
        ],
        entry: 'which',
        steps: [
          split(
            'which',
            [
              { id: 'gold', name: text(`${id}.tiers.gold`), filters: reaches('gold'), next: 'gold' },
              {
                id: 'silver',
                name: text(`${id}.tiers.silver`),
                filters: { op: 'all', of: [reaches('silver'), COMES_FROM_NOTHING] },
                next: 'silver'
              }
            ],
            null
          ),
          sendEmail('gold', 'gold', 'gift'),
          createTask('gift', text(`${id}.task`), inDays(2), null),
          sendEmail('silver', 'silver', null)
        ]
      },
      programs: [
        {
          id: 'program',
          name: text(`${id}.program`),
          balances: [{ id: 'points', name: text(`${id}.balance`), minimum: null, maximum: null, expiry: null }],
          tierBalanceId: 'points',
          tiers: [
            { id: 'silver', name: text(`${id}.tiers.silver`), threshold: 100 },
            { id: 'gold', name: text(`${id}.tiers.gold`), threshold: 300 }
          ],
          rules: [
            {
              id: 'orders',
              name: text(`${id}.rule`),
              event: 'order.created',
              filters: null,
              balanceId: 'points',
              earns: { by: 'unit', property: 'total', points: 1 }
            }
          ],
          joinsByEarning: true
        }
      ],
      taskTypes: [{ id: 'taskType', name: text(`${id}.taskType`) }],
      templates: [emailOf(text, id, 'silver', { url: site }), emailOf(text, id, 'gold', { url: site })]
    })
};
