import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { hold } from '../../../../tests/components/hold';
import ListsScreen from './ListsScreen.svelte';

const lists = { save: vi.fn(), remove: vi.fn() };
answerWith({ lists });

void setLocale('fr');

const member = (id: string, listIds: string[]) => ({
  id,
  email: `${id}@exemple.fr`,
  attributes: {},
  listIds,
  listedAt: {},
  createdAt: 1,
  updatedAt: 1
});

beforeEach(async () => {
  lists.save.mockReset();
  lists.remove.mockReset();
  const database = await workspaceDatabase();
  await database.lists.bulkPut([
    { id: 'l1', name: 'Newsletter', createdAt: 1 },
    { id: 'l2', name: 'Atelier', createdAt: 2 }
  ]);
  await database.contacts.bulkPut([member('a', ['l1']), member('b', ['l1', 'l2'])]);
});

const row = async (name: string) => (await screen.findByRole('link', { name })).closest('tr') as HTMLElement;

describe('the lists', () => {
  it('stand by name with their counts, and lead to their contacts', async () => {
    render(ListsScreen);
    await waitFor(async () => expect(within(await row('Newsletter')).getByText('2')).toBeVisible());
    expect(within(await row('Atelier')).getByText('1')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Newsletter' })).toHaveAttribute('href', '/contacts?list=l1');
    expect(screen.getAllByRole('rowheader').map((cell) => cell.textContent.trim())).toEqual(['Atelier', 'Newsletter']);
  });

  it('have their main button at one place only: not in the head before it is known that there are any', async () => {
    render(ListsScreen);
    expect(screen.queryByRole('button', { name: 'Nouvelle liste' })).not.toBeInTheDocument();
    await row('Newsletter');
    expect(screen.getByRole('button', { name: 'Nouvelle liste' })).toBeVisible();
  });

  it('are made under a name, which is refused under the field', async () => {
    lists.save
      .mockResolvedValueOnce(failed(words('words.name.taken', { name: 'Atelier' })))
      .mockResolvedValueOnce(ok('l3'));
    render(ListsScreen);
    await userEvent.click(await screen.findByRole('button', { name: 'Nouvelle liste' }));
    const field = screen.getByRole('textbox', { name: 'Nom' });
    await userEvent.type(field, 'Atelier');
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(field).toBeInvalid();
    await userEvent.type(field, ' de mars');
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(lists.save).toHaveBeenLastCalledWith({ name: 'Atelier de mars' });
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it('go only once what will happen has been read', async () => {
    lists.remove.mockResolvedValue(ok(undefined));
    render(ListsScreen);
    await userEvent.click(within(await row('Newsletter')).getByRole('button', { name: 'Actions pour Newsletter' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Supprimer' }));
    const question = await screen.findByRole('alertdialog');
    expect(question).toHaveTextContent('2 contacts quittent cette liste');
    expect(lists.remove).not.toHaveBeenCalled();
    await userEvent.click(within(question).getByRole('button', { name: 'Supprimer' }));
    expect(lists.remove).toHaveBeenCalledWith('l1');
  });

  it('are not asked about before it is known how many contacts leave', async () => {
    const letGo = await hold('contacts');
    render(ListsScreen);
    await userEvent.click(within(await row('Newsletter')).getByRole('button', { name: 'Actions pour Newsletter' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Supprimer' }));
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
    await letGo();
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('2 contacts quittent cette liste');
  });

  it('without contacts go without a word of contacts', async () => {
    await (await workspaceDatabase()).lists.put({ id: 'l3', name: 'Vide', createdAt: 3 });
    render(ListsScreen);
    await userEvent.click(within(await row('Vide')).getByRole('button', { name: 'Actions pour Vide' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Supprimer' }));
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('Cette liste est vide.');
  });
});
