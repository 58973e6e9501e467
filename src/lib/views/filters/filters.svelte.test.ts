import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { emptyView } from '$lib/app/workspace-view';
import { OPERATORS, type Condition, type FilterTree } from '$lib/core/filter-tree';
import { hasWords, setLocale } from '$lib/i18n';
import FilterBuilder from './FilterBuilder.svelte';
import { finishedTree, groupOf, operandOf, tidyTree, withOperator } from './tree';

void setLocale('fr');

const view = {
  ...emptyView(),
  lists: new Map([['l1', { id: 'l1', name: 'Jeudi', createdAt: 0 }]]),
  attributes: new Map([['POINTS', { id: 'POINTS', name: 'Points', kind: 'number' as const, createdAt: 0 }]])
};
const email: Condition = { subject: { of: 'contact', field: 'email' }, kind: 'text', operator: 'is', value: 'a' };

describe('a tree as it is edited', () => {
  it('comes back as it was', () => {
    const trees: FilterTree[] = [
      { op: 'all', of: [email, email] },
      { op: 'any', of: [email, { op: 'all', of: [email] }] },
      { op: 'not', of: { op: 'any', of: [email, email] } },
      { op: 'not', of: { op: 'all', of: [email, email] } }
    ];
    for (const tree of trees) expect(tidyTree(groupOf(tree))).toEqual(tree);
    expect(tidyTree(groupOf(null))).toBeNull();
    expect(tidyTree(groupOf(email))).toEqual({ op: 'all', of: [email] });
    expect(tidyTree(groupOf({ op: 'not', of: email }))).toEqual({ op: 'not', of: { op: 'any', of: [email] } });
  });

  it('keeps the operand where it fits the new operator', () => {
    expect(withOperator(email, 'contains')).toEqual({ ...email, operator: 'contains' });
    expect(withOperator(email, 'isKnown')).not.toHaveProperty('value');
  });

  it('has words and an operand for every operator', () => {
    for (const [kind, operators] of Object.entries(OPERATORS)) {
      for (const operator of operators) {
        expect(hasWords(`filters.operators.${kind}.${operator}`)).toBe(true);
        expect(operandOf(kind as Condition['kind'], operator)).toBeDefined();
      }
    }
  });
});

describe('what is finished of a tree', () => {
  it('leaves out conditions that wait for their value, and groups of nothing else', () => {
    const waiting: Condition = { ...email, value: '' };
    const list: Condition = { subject: { of: 'lists' }, kind: 'choices', operator: 'anyOf', value: [] };
    const known: Condition = { ...email, operator: 'isKnown', value: undefined };
    expect(finishedTree({ op: 'all', of: [email, waiting, list, known] })).toEqual({ op: 'all', of: [email, known] });
    expect(finishedTree({ op: 'not', of: { op: 'any', of: [waiting, list] } })).toBeNull();
    expect(finishedTree({ op: 'not', of: email })).toEqual({ op: 'not', of: email });
    expect(finishedTree(waiting)).toBeNull();
    expect(finishedTree(null)).toBeNull();
  });
});

describe('the filter builder', () => {
  function open(tree: FilterTree | null) {
    const onchange = vi.fn<(tree: FilterTree | null) => void>();
    const { rerender } = render(FilterBuilder, { label: 'Filtres', tree, view, onchange });
    onchange.mockImplementation((next) => void rerender({ label: 'Filtres', tree: next, view, onchange }));
    return onchange;
  }

  it('makes a condition by keyboard alone', async () => {
    const onchange = open(null);
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    await userEvent.click(screen.getByRole('button', { name: /Ce qui est regardé/ }));
    await userEvent.keyboard('points{Enter}');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Comparaison' }), 'est au moins');
    const value = screen.getByRole('textbox', { name: 'Valeur' });
    await userEvent.clear(value);
    await userEvent.type(value, '12');
    expect(onchange).toHaveBeenLastCalledWith({
      op: 'all',
      of: [{ subject: { of: 'attribute', attributeId: 'POINTS' }, kind: 'number', operator: 'atLeast', value: 12 }]
    });
  });

  it('combines conditions and groups, and is empty again once all are gone', async () => {
    const onchange = open({ op: 'all', of: [email] });
    await userEvent.click(screen.getByRole('button', { name: 'Groupe' }));
    expect(onchange).toHaveBeenLastCalledWith({ op: 'all', of: [email, { op: 'any', of: [expect.anything()] }] });
    await userEvent.selectOptions(screen.getAllByRole('combobox', { name: 'Combinaison' })[0]!, 'none');
    expect(onchange.mock.lastCall?.[0]).toMatchObject({ op: 'not', of: { op: 'any' } });
    await userEvent.click(screen.getByRole('button', { name: 'Retirer le groupe' }));
    await userEvent.click(screen.getByRole('button', { name: 'Retirer la condition' }));
    expect(onchange).toHaveBeenLastCalledWith(null);
  });

  it('keeps a condition on an attribute that is gone', () => {
    open({ subject: { of: 'attribute', attributeId: 'OLD' }, kind: 'text', operator: 'is', value: 'x' });
    expect(screen.getByRole('button', { name: /OLD/ })).toBeVisible();
  });
});
