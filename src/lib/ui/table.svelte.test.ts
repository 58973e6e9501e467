import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { setLocale } from '$lib/i18n';
import { nextSort, type Column } from './table';
import VirtualTable from './VirtualTable.svelte';

void setLocale('fr');

type Person = { id: string; name: string };

const columns: Column<Person>[] = [
  { id: 'name', label: 'Nom', width: 160, sortable: true, text: ({ name }) => name },
  { id: 'city', label: 'Ville', width: 120, text: () => undefined }
];
const props = {
  label: 'Contacts',
  count: 100_000,
  row: (index: number): Person => ({ id: `c${index}`, name: `Contact ${index}` }),
  rowKey: ({ id }: Person) => id,
  rowName: ({ name }: Person) => name,
  columns
};

describe('a table', () => {
  it('tells its size, though few rows are on the page', () => {
    render(VirtualTable<Person>, props);
    expect(screen.getByRole('table', { name: 'Contacts' })).toHaveAttribute('aria-rowcount', '100001');
    expect(screen.getAllByRole('row').length).toBeLessThan(100);
  });

  it('sorts by its head and says how it is sorted', async () => {
    const onsort = vi.fn();
    render(VirtualTable<Person>, { ...props, sort: { column: 'name', direction: 'ascending' }, onsort });
    expect(screen.getByRole('columnheader', { name: 'Nom' })).toHaveAttribute('aria-sort', 'ascending');
    expect(screen.getByRole('columnheader', { name: 'Ville' })).not.toHaveAttribute('aria-sort');
    await userEvent.click(screen.getByRole('button', { name: 'Nom' }));
    expect(onsort).toHaveBeenCalledWith({ column: 'name', direction: 'descending' });
  });

  it('chooses all, and shows that only some are chosen', async () => {
    const onselectall = vi.fn();
    render(VirtualTable<Person>, { ...props, selected: new Set(['c0']), selectedAll: 'some', onselectall });
    const all = screen.getByRole('checkbox', { name: 'Tout choisir' });
    expect(all).toBePartiallyChecked();
    await userEvent.click(all);
    expect(onselectall).toHaveBeenCalledWith(true);
  });
});

describe('the next order', () => {
  it('is ascending on another column, and turns on the same', () => {
    expect(nextSort(null, 'name')).toEqual({ column: 'name', direction: 'ascending' });
    expect(nextSort({ column: 'name', direction: 'ascending' }, 'name').direction).toBe('descending');
    expect(nextSort({ column: 'name', direction: 'descending' }, 'name').direction).toBe('ascending');
    expect(nextSort({ column: 'city', direction: 'ascending' }, 'name').direction).toBe('ascending');
  });
});
