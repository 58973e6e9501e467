import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import type { CrmChoices } from '$lib/app/queries';
import { failed, ok } from '$lib/core/result';
import type { Deal } from '$lib/core/rows/crm';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import DealDrawer from './DealDrawer.svelte';

const deals = { save: vi.fn(), remove: vi.fn(), restore: vi.fn(), addNote: vi.fn() };
answerWith({ deals });

void setLocale('fr');

const stage = (id: string, name: string) => ({ id, name, outcome: 'open' as const });
const choices: CrmChoices = {
  users: [{ id: 'u1', name: 'Léa', createdAt: 1 }],
  companies: [{ id: 'co1', name: 'Atelier du port', attributes: {}, createdAt: 1, updatedAt: 1 }],
  pipelines: [
    { id: 'p1', name: 'Ventes', stages: [stage('new', 'Nouveau'), stage('won', 'Gagné')], createdAt: 1 },
    { id: 'p2', name: 'Projets', stages: [stage('signed', 'Signé')], createdAt: 1 }
  ],
  taskTypes: [{ id: 'call', name: 'Appel', createdAt: 1 }],
  companyAttributes: [],
  dealAttributes: [{ id: 'BUDGET', name: 'Budget', kind: 'number', createdAt: 1 }]
};
const deal: Deal = {
  id: 'd1',
  name: 'Stage',
  pipelineId: 'p1',
  stageId: 'new',
  stagedAt: 1,
  amount: { minor: 120_000, currency: 'EUR' },
  contactIds: ['c1'],
  companyId: 'co1',
  attributes: { BUDGET: 3 },
  notes: [{ id: 'n1', text: 'Appelée hier', at: 1 }],
  createdAt: 1,
  updatedAt: 1
};
const start = { stageId: 'new' };

beforeEach(async () => {
  vi.resetAllMocks();
  await (
    await workspaceDatabase()
  ).contacts.put({
    id: 'c1',
    email: 'zoe@exemple.fr',
    attributes: { FIRSTNAME: 'Zoé' },
    listIds: [],
    listedAt: {},
    createdAt: 1,
    updatedAt: 1
  });
});

const submit = () => userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));

describe('the form of a deal', () => {
  it('hands on what was typed, and finds the contact by name', async () => {
    deals.save.mockResolvedValue(ok('d9'));
    render(DealDrawer, { open: true, deal: null, start, choices });
    await userEvent.type(screen.getByLabelText('Nom'), ' Site web ');
    await userEvent.type(screen.getByRole('textbox', { name: 'Montant' }), '1200,5');
    await userEvent.selectOptions(screen.getByLabelText('Étape'), 'Signé');
    await userEvent.click(screen.getByRole('button', { name: /^Contacts/ }));
    await userEvent.type(await screen.findByRole('combobox', { name: 'Contacts' }), 'zoé');
    await userEvent.click(await screen.findByRole('option', { name: /Zoé/ }));
    await userEvent.keyboard('{Escape}');
    await userEvent.type(screen.getByLabelText('Budget'), '3,5');
    await submit();
    expect(deals.save).toHaveBeenCalledWith({
      name: 'Site web',
      stageId: 'signed',
      amount: { minor: 120_050, currency: 'EUR' },
      ownerId: null,
      contactIds: ['c1'],
      companyId: null,
      expectedCloseOn: null,
      attributes: { BUDGET: 3.5 }
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it('starts with what is known, and takes away what was emptied', async () => {
    deals.save.mockResolvedValue(ok('d1'));
    render(DealDrawer, { open: true, deal, start, choices });
    expect(await screen.findByRole('button', { name: 'Retirer Zoé' })).toBeVisible();
    expect(screen.getByText('Appelée hier')).toBeVisible();
    await userEvent.clear(screen.getByRole('textbox', { name: 'Montant' }));
    await userEvent.click(screen.getByRole('button', { name: 'Retirer Atelier du port' }));
    await submit();
    expect(deals.save.mock.calls[0]?.[0]).toMatchObject({
      id: 'd1',
      amount: null,
      companyId: null,
      contactIds: ['c1'],
      attributes: { BUDGET: 3 }
    });
  });

  it('says on the name what is wrong with it, and stays open', async () => {
    deals.save.mockResolvedValue(failed(words('words.name.empty')));
    render(DealDrawer, { open: true, deal: null, start, choices });
    await submit();
    expect(screen.getByLabelText('Nom')).toBeInvalid();
    expect(screen.getByRole('dialog')).toBeVisible();
  });

  it('deletes at once, since it can be undone', async () => {
    deals.remove.mockResolvedValue(ok('removal'));
    render(DealDrawer, { open: true, deal, start, choices });
    await userEvent.click(screen.getByRole('button', { name: 'Supprimer' }));
    expect(deals.remove).toHaveBeenCalledWith('d1');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });
});
