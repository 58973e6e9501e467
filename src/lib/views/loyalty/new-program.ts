import type { EarningRule, Program } from '$lib/core/rows/loyalty';
import { m } from '$lib/i18n';

/** A programme as it starts: one balance of points, and the rule that people expect. */
export function newProgram(name: string): Omit<Program, 'id' | 'createdAt'> {
  const balance = newBalance(m['loyalty.points']());
  return {
    name,
    balances: [balance],
    tierBalanceId: balance.id,
    tiers: [],
    rules: [
      {
        ...newRule(balance.id),
        name: m['loyalty.firstRule'](),
        event: 'order.created',
        earns: { by: 'unit', property: 'total', points: 1 }
      }
    ],
    joinsByEarning: true
  };
}

export function newBalance(name: string): Program['balances'][number] {
  return { id: crypto.randomUUID(), name, minimum: null, maximum: null, expiry: null };
}

export function newTier(threshold: number): Program['tiers'][number] {
  return { id: crypto.randomUUID(), name: '', threshold };
}

export function newRule(balanceId: string): EarningRule {
  return {
    id: crypto.randomUUID(),
    name: '',
    event: 'custom.event',
    filters: null,
    balanceId,
    earns: { by: 'fixed', points: 10 }
  };
}
