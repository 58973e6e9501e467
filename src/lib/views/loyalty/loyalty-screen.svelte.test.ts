import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { ok } from '$lib/core/result';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { hold } from '../../../../tests/components/hold';
import LoyaltyScreen from './LoyaltyScreen.svelte';
import { newProgram } from './new-program';

const programs = { save: vi.fn(), remove: vi.fn() };
answerWith({ programs });

void setLocale('fr');

const member = (id: string) => ({ id, contactId: id, programId: 'p1', joinedAt: 1, tierId: null, balances: {} });

beforeEach(async () => {
  programs.remove.mockReset().mockResolvedValue(ok(undefined));
  const database = await workspaceDatabase();
  await database.programs.put({ ...newProgram('Club'), id: 'p1', createdAt: 1 });
  await database.memberships.bulkPut([member('m1'), member('m2')]);
});

it('a programme goes once it is known, and has been read, who loses their points', async () => {
  const letGo = await hold('memberships');
  render(LoyaltyScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Actions pour Club' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Supprimer' }));
  expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
  await letGo();
  expect(await screen.findByRole('alertdialog')).toHaveTextContent('Ses 2 membres, leurs points');
  expect(programs.remove).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Supprimer' }));
  expect(programs.remove).toHaveBeenCalledWith('p1');
});

it('a programme that nobody is in goes without a word of points', async () => {
  const { memberships } = await workspaceDatabase();
  await memberships.clear();
  render(LoyaltyScreen);
  await userEvent.click(await screen.findByRole('button', { name: 'Actions pour Club' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Supprimer' }));
  expect(await screen.findByRole('alertdialog')).toHaveTextContent('Ce programme n’a aucun membre.');
});
