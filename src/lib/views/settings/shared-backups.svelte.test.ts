import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredBackup } from '$lib/core/backup';
import { failed, ok } from '$lib/core/result';
import type { Runs } from '$lib/core/rows/connection';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { connectDevice, disconnectDevice } from '../../../../tests/fixtures/connection';
import { keepSchedule, type KeptSchedule } from '../../../../tests/fixtures/schedule';
import BackupSettings from './BackupSettings.svelte';

const backups = {
  plan: vi.fn(),
  forget: vi.fn(),
  run: vi.fn(),
  stored: vi.fn(),
  fetch: vi.fn(),
  remove: vi.fn()
};
const workspace = { preview: vi.fn() };

answerWith({ backups, workspace });

void setLocale('fr');

const connection = {
  devices: [{ id: 'laptop', name: 'Portable', writesAs: ['w1'], since: 1, seenAt: 1, isRevoked: false }],
  ...{ device: 'laptop', name: 'Portable', holder: 'laptop' }
};
const schedule: KeptSchedule = {
  id: 'schedule',
  every: 'week',
  keep: 7,
  folder: null,
  isShared: true,
  key: null,
  since: 1,
  savedAt: null,
  problem: null
};
const AT = new Date(2027, 0, 15, 9, 30).getTime();
const one: StoredBackup = { id: 'b1', at: AT, device: 'Portable', size: 2_400_000, problem: null };

beforeEach(async () => {
  for (const call of Object.values(backups)) call.mockReset().mockResolvedValue(ok(undefined));
  backups.stored.mockResolvedValue(ok([]));
  workspace.preview.mockReset();
  await keepSchedule(null);
  await disconnectDevice();
});
afterEach(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));

async function shown({ runs = 'here', kept = null }: { runs?: Runs; kept?: KeptSchedule | null } = {}) {
  await connectDevice({ ...connection, runs });
  await keepSchedule(kept);
  render(BackupSettings);
  await screen.findByRole('heading', { name: 'Sur le stockage distant' });
}

const button = (name: string | RegExp) => screen.getByRole('button', { name });

describe('backups by themselves', () => {
  it('go to the remote only where this device shares one', async () => {
    Object.assign(window, { showDirectoryPicker: () => Promise.resolve(null) });
    render(BackupSettings);
    expect(await screen.findByRole('button', { name: 'Choisir un dossier' })).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Stockage distant' })).toBeNull();
    expect(screen.queryByRole('heading', { name: 'Sur le stockage distant' })).toBeNull();
    expect(backups.stored).not.toHaveBeenCalled();
  });

  it('go there where that is chosen, in the place of a folder, as many as are wished', async () => {
    Object.assign(window, { showDirectoryPicker: () => Promise.resolve(null) });
    await shown();
    await userEvent.click(await screen.findByRole('radio', { name: 'Stockage distant' }));
    expect(screen.getByText(/Chiffrées comme tout ce que partagent vos appareils/)).toBeVisible();
    expect(screen.queryByRole('switch', { name: 'Chiffrer ces sauvegardes' })).toBeNull();
    await userEvent.click(screen.getByRole('radio', { name: 'Chaque semaine' }));
    const keep = screen.getByLabelText('Sauvegardes à garder');
    await userEvent.clear(keep);
    await userEvent.type(keep, '3');
    await userEvent.click(button('Sauvegarder sur le stockage distant'));
    await waitFor(() => expect(backups.run).toHaveBeenCalledOnce());
    expect(backups.plan.mock.calls).toEqual([
      [{ every: 'week', keep: 3, folder: null, isShared: true, passphrase: null }]
    ]);
  });

  it('go there where the browser knows no folders', async () => {
    await shown();
    await userEvent.click(await screen.findByRole('button', { name: 'Sauvegarder sur le stockage distant' }));
    await waitFor(() => expect(backups.plan).toHaveBeenCalledOnce());
    expect(backups.plan.mock.calls[0]?.[0]).toMatchObject({ isShared: true, every: 'day', keep: 7 });
  });

  it('say where they go, and what hinders them', async () => {
    await shown({ kept: { ...schedule, problem: words('words.webdav.full') } });
    expect(await screen.findByText('Chaque semaine sur le stockage distant')).toBeVisible();
    expect(screen.getByText(/Chiffrées\./)).toBeVisible();
    expect(screen.getByText('La sauvegarde automatique a échoué')).toBeVisible();
    await userEvent.click(button('Sauvegarder maintenant'));
    expect(backups.run).toHaveBeenCalledOnce();
  });

  it('are left to the device that runs the automations', async () => {
    await shown({ runs: 'elsewhere', kept: schedule });
    expect(await screen.findByText('Cet appareil attend son tour')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Sauvegarder maintenant' })).toBeNull();
    await userEvent.click(button('Ne plus le faire'));
    expect(backups.forget).toHaveBeenCalledOnce();
  });
});

describe('the backups on the remote', () => {
  it('are listed with when, by whom and how large; one that was damaged says so and cannot be taken in', async () => {
    const damaged = { ...one, id: 'b0', at: AT - 86_400_000, device: null, size: null, problem: words('words.backup.shared_changed') }; // prettier-ignore
    backups.stored.mockResolvedValue(ok([one, damaged]));
    await shown();
    expect(await screen.findByText('15 janv. 2027, 09:30')).toBeVisible();
    expect(screen.getByText(/^Portable · 2,4.Mo$/)).toBeVisible();
    expect(screen.getByText(/abîmée ou modifiée/)).toBeVisible();
    expect(screen.getAllByRole('button', { name: /^Reprendre la sauvegarde/ })).toHaveLength(1);
    expect(screen.getAllByRole('button', { name: /^Supprimer la sauvegarde/ })).toHaveLength(2);
  });

  it('say why they cannot be read, and are asked for again', async () => {
    backups.stored.mockResolvedValueOnce(failed(words('words.couchdb.no_answer')));
    await shown();
    expect(await screen.findByText(/n’ont pas pu être lues/)).toBeVisible();
    await userEvent.click(button('Réessayer'));
    expect(await screen.findByText('Aucune sauvegarde pour l’instant.')).toBeVisible();
  });

  it('come back as a file does: looked through before anything changes', async () => {
    backups.stored.mockResolvedValue(ok([one]));
    backups.fetch.mockResolvedValue(ok(new Blob(['{"format":"ricochet-workspace"}'])));
    const preview = { name: 'Atelier Léa', version: 1, savedAt: AT, secrets: null, tables: {}, journeysEnded: 0, messagesCancelled: 0, erased: 0 }; // prettier-ignore
    workspace.preview.mockResolvedValue(ok(preview));
    await shown();
    await userEvent.click(await screen.findByRole('button', { name: /^Reprendre la sauvegarde/ }));
    expect(await screen.findByText('Atelier Léa')).toBeVisible();
    expect(backups.fetch.mock.calls[0]?.[0]).toBe('b1');
    expect((workspace.preview.mock.calls[0]?.[0] as File).name).toBe('ricochet-2027-01-15.ricochet.json');
    expect(screen.getByRole('radio', { name: 'Fusionner' })).toBeVisible();
  });

  it('say what is wrong with one, and change nothing', async () => {
    backups.stored.mockResolvedValue(ok([one]));
    backups.fetch.mockResolvedValue(failed(words('words.backup.piece_missing', { number: 2, pieces: 5 })));
    await shown();
    await userEvent.click(await screen.findByRole('button', { name: /^Reprendre la sauvegarde/ }));
    expect(await screen.findByRole('alert')).toHaveTextContent(/Il manque une partie.+2 sur 5/);
    expect(workspace.preview).not.toHaveBeenCalled();
  });

  it('are taken away after a question', async () => {
    backups.stored.mockResolvedValueOnce(ok([one]));
    await shown();
    await userEvent.click(await screen.findByRole('button', { name: /^Supprimer la sauvegarde/ }));
    expect(backups.remove).not.toHaveBeenCalled();
    await userEvent.click(await screen.findByRole('button', { name: 'Supprimer' }));
    await waitFor(() => expect(backups.remove).toHaveBeenCalledWith('b1'));
    expect(await screen.findByText('Aucune sauvegarde pour l’instant.')).toBeVisible();
  });
});
