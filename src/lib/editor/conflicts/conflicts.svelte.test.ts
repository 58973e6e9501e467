import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { defaultSettings } from '$lib/core/graph';
import { failed, ok } from '$lib/core/result';
import type { Automation } from '$lib/core/rows/automations';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { connectDevice } from '../../../../tests/fixtures/connection';
import { sampleGraph } from '../testing/editors';
import ConflictNotice from './ConflictNotice.svelte';

const sync = { conflicts: vi.fn(), choose: vi.fn() };
answerWith({ sync });

void setLocale('fr');

const automation: Automation = {
  id: 'a1',
  name: 'Bonjour',
  status: 'draft',
  activeVersionId: null,
  draft: { graph: sampleGraph('rule.delay'), settings: defaultSettings() },
  createdAt: 1,
  updatedAt: 1
};
const device = { since: 1, seenAt: 1, isRevoked: false };
const side = (stamp: string, by: string, value: unknown) => ({ stamp, device: by, value });
const ofName = { pointer: '/name', sides: [side('1', 'w1', 'Bienvenue'), side('2', 'w2', 'Bonjour')] };
const ofStep = {
  pointer: '/draft/graph/steps/gone/fields/duration',
  sides: [side('3', 'w1', { amount: 2, unit: 'days' }), side('4', 'w9', undefined)]
};
const kept = (made: string) => ({ table: 'automations', key: 'a1', made });

beforeEach(async () => {
  sync.conflicts.mockReset().mockResolvedValue([ofName, { pointer: '/updatedAt', sides: [side('1', 'w1', 1)] }]);
  sync.choose.mockReset().mockResolvedValue(ok(undefined));
  const { syncRows } = await workspaceDatabase();
  await syncRows.put(kept('1'));
  const devices = [
    { ...device, id: 'd1', name: 'Téléphone', writesAs: ['w1'] },
    { ...device, id: 'd2', name: 'Ordinateur', writesAs: ['w2'] }
  ];
  await connectDevice({ devices, device: 'd2', name: 'Ordinateur', holder: 'd2' }, { device: 'w2' });
});

it('shows both sides of what two devices have written, and keeps the one that is chosen', async () => {
  render(ConflictNotice, { automation });
  expect(await screen.findByText('1 élément modifié sur deux appareils')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Choisir' }));
  const part = await screen.findByRole('listitem', { name: 'Nom de l’automatisation' });
  const [phone, laptop] = within(part).getAllByRole('listitem');
  expect(phone).toHaveTextContent(/Téléphone.*Bienvenue/);
  expect(laptop).toHaveTextContent(/Ordinateur.*Vaut maintenant.*Bonjour/);
  sync.choose.mockResolvedValueOnce(failed(words('words.sync.chosen')));
  const keep = within(part).getByRole('button', { name: /a écrit Téléphone$/ });
  await userEvent.click(keep);
  expect(sync.choose).toHaveBeenCalledWith('a1', { pointer: '/name', stamp: '1' });
  expect(part).toBeVisible();
  await userEvent.click(keep);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

it('asks again once something else is kept, and has nothing to bring back of a step that is gone', async () => {
  sync.conflicts.mockResolvedValueOnce([]);
  render(ConflictNotice, { automation });
  await waitFor(() => expect(sync.conflicts).toHaveBeenCalledOnce());
  expect(screen.queryByRole('button')).toBeNull();
  sync.conflicts.mockResolvedValue([ofStep]);
  const { syncRows } = await workspaceDatabase();
  await syncRows.put(kept('2'));
  await userEvent.click(await screen.findByRole('button', { name: 'Choisir' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent(/Téléphone.*Modifié.*un autre appareil.*Vaut maintenant.*Retiré/);
  expect(within(dialog).getAllByRole('button', { name: /^Garder/ })).toHaveLength(1);
});
