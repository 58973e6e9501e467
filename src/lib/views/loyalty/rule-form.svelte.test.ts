import { render, screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { emptyView } from '$lib/app/workspace-view';
import type { EarningRule, Program } from '$lib/core/rows/loyalty';
import { setLocale } from '$lib/i18n';
import { programRefusal } from '$lib/records/loyalty';
import { newProgram, newRule } from './new-program';
import RuleForm from './RuleForm.svelte';

void setLocale('fr');

const balance = (id: string, name: string) => ({ id, name, minimum: null, maximum: null, expiry: null });

function open(rule: EarningRule, balances: Program['balances'] = [balance('b1', 'Points')]) {
  const props = { program: { balances }, view: emptyView() };
  const onchange = vi.fn<(rule: EarningRule) => void>();
  const { rerender } = render(RuleForm, { ...props, rule, onchange });
  onchange.mockImplementation((next) => void rerender({ ...props, rule: next, onchange }));
  return onchange;
}

async function choose(name: RegExp, option: RegExp) {
  await userEvent.click(screen.getByRole('button', { name }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.click(within(dialog).getByRole('option', { name: option }));
}

async function type(name: string, text: string) {
  const field = screen.getByRole('textbox', { name });
  await userEvent.clear(field);
  await userEvent.type(field, text);
}

describe('an earning rule', () => {
  it('gives points for each unit of what an event counts', async () => {
    const onchange = open(newRule('b1'));
    await choose(/Événement/, /Commande créée/);
    await userEvent.click(screen.getByRole('radio', { name: 'Selon un montant' }));
    await type('Points par unité', '2');
    expect(screen.getByRole('combobox', { name: 'Compter' })).toHaveValue('total');
    expect(onchange.mock.lastCall?.[0]).toMatchObject({
      event: 'order.created',
      balanceId: 'b1',
      earns: { by: 'unit', property: 'total', points: 2 }
    });
  });

  it('gives a fixed number where nothing can be counted, and drops conditions on the other event', async () => {
    const onchange = open({
      ...newRule('b1'),
      event: 'order.created',
      filters: { subject: { of: 'event', property: 'total' }, kind: 'number', operator: 'atLeast', value: 20 },
      earns: { by: 'unit', property: 'total', points: 1 }
    });
    await choose(/Événement/, /Email ouvert/);
    expect(screen.queryByRole('radio', { name: 'Selon un montant' })).not.toBeInTheDocument();
    await type('Points gagnés', '5');
    expect(onchange.mock.lastCall?.[0]).toMatchObject({
      event: 'email.opened',
      filters: null,
      earns: { by: 'fixed', points: 5 }
    });
  });

  it('does not offer events that earned points cause', async () => {
    open(newRule('b1'));
    await userEvent.click(screen.getByRole('button', { name: /Événement/ }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByRole('combobox'), 'solde');
    expect(within(dialog).queryByRole('option')).not.toBeInTheDocument();
  });

  it('names its conditions and its balance', async () => {
    const onchange = open(newRule('b1'), [balance('b1', 'Points'), balance('b2', 'Tampons')]);
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Solde' }), 'Tampons');
    await userEvent.click(screen.getByRole('button', { name: 'Condition' }));
    expect(onchange.mock.lastCall?.[0]).toMatchObject({ balanceId: 'b2', filters: { op: 'all', of: [{}] } });
  });
});

describe('a new programme', () => {
  it('can be kept as it is', () => {
    expect(programRefusal({ ...newProgram('Cercle'), id: 'p1', createdAt: 0 })).toBeNull();
  });
});
