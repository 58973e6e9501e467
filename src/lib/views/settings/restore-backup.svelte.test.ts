import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackupPreview } from '$lib/core/backup';
import { failed, ok } from '$lib/core/result';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { hold } from '../../../../tests/components/hold';
import RestoreBackup from './RestoreBackup.svelte';

const workspace = { preview: vi.fn(), merge: vi.fn(), restore: vi.fn() };
answerWith({ workspace });

void setLocale('fr');

const none = { inFile: 0, here: 0, inBoth: 0, added: 0, changed: 0 };
const preview: BackupPreview = {
  name: 'Atelier Léa',
  version: 1,
  savedAt: Date.UTC(2027, 0, 5, 9),
  secrets: null,
  tables: {
    contacts: { inFile: 1_200, here: 900, inBoth: 850, added: 350, changed: 12 },
    automations: { ...none, inFile: 2, added: 2 },
    lists: none
  },
  journeysEnded: 3,
  messagesCancelled: 0,
  erased: 1
};
const secrets = { salt: 'c2FsdA==', iterations: 600_000, rows: [] };

function choose(content: string, name = 'atelier.json'): Promise<void> {
  return userEvent.upload(screen.getByLabelText(/Choisir un fichier|Choisir un autre fichier/), new File([content], name, { type: 'application/json' })); // prettier-ignore
}

const rowOf = (name: string) =>
  within(screen.getByRole('row', { name: new RegExp(`^${name}`) }))
    .getAllByRole('cell')
    .map(({ textContent }) => textContent.replaceAll(/\s/g, ''));

const onsave = vi.fn();
beforeEach(() => {
  onsave.mockReset();
  workspace.preview.mockReset().mockResolvedValue(ok(preview));
  workspace.merge.mockReset().mockResolvedValue(ok(undefined));
  workspace.restore.mockReset().mockResolvedValue(ok(undefined));
  render(RestoreBackup, { onsave });
});

describe('a backup that is chosen', () => {
  it('shows what is in it and what would be lost, and replaces only after a question', async () => {
    await choose('{}');
    expect(await screen.findByText('Atelier Léa')).toBeVisible();
    expect(screen.getByText(/5 janv\. 2027/)).toBeVisible();
    expect(rowOf('Contacts')).toEqual(['1200', '900', '50']);
    expect(screen.queryByRole('row', { name: /Listes/ })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer d’abord ce qui est ici' }));
    expect(onsave).toHaveBeenCalledOnce();
    await userEvent.click(screen.getByRole('button', { name: 'Restaurer une sauvegarde' }));
    expect(workspace.restore).not.toHaveBeenCalled();
    await userEvent.click(await screen.findByRole('button', { name: 'Tout remplacer' }));
    await waitFor(() => expect(workspace.restore).toHaveBeenCalledOnce());
  });

  it('asks nothing before it is known how much would be lost', async () => {
    cleanup();
    const letGo = await hold('contacts');
    render(RestoreBackup, { onsave });
    await choose('{}');
    await userEvent.click(await screen.findByRole('button', { name: 'Restaurer une sauvegarde' }));
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
    await letGo();
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('Contacts d’ici : 0. Automatisations : 0.');
  });

  it('says what a merge would add, change and end, and does it', async () => {
    await choose('{}');
    await userEvent.click(await screen.findByRole('radio', { name: 'Fusionner' }));
    expect(rowOf('Contacts')).toEqual(['350', '12', '838']);
    expect(screen.getByText(/3 parcours en cours dans le fichier s’arrêtent/)).toBeVisible();
    expect(screen.getByText(/1 contact d’ici a été effacé/)).toBeVisible();
    expect(screen.queryByText(/pas encore parti/)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Fusionner' }));
    await waitFor(() => expect(workspace.merge).toHaveBeenCalledOnce());
    expect(workspace.merge.mock.calls[0]?.[1]).toEqual({ passphrase: null, secrets: null });
    await waitFor(() => expect(screen.queryByText('Atelier Léa')).toBeNull());
  });

  it('that holds keys asks for their passphrase, and says where it is another one', async () => {
    workspace.preview.mockResolvedValue(ok({ ...preview, secrets }));
    workspace.merge.mockResolvedValue(failed(words('words.keys.wrong_passphrase')));
    await choose('{}');
    await userEvent.click(await screen.findByRole('radio', { name: 'Fusionner' }));
    await userEvent.type(screen.getByLabelText(/Phrase secrète du fichier/), 'un cheval faux');
    await userEvent.click(screen.getByRole('button', { name: 'Fusionner' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('La fusion n’est pas allée au bout');
    expect(workspace.merge.mock.calls[0]?.[1]).toEqual({ passphrase: 'un cheval faux', secrets });
    expect(screen.getByRole('button', { name: 'Fusionner' })).toBeVisible();
  });

  it('that is none says so before anything is asked', async () => {
    workspace.preview.mockResolvedValueOnce(failed(words('words.backup.not_a_workspace')));
    await choose('{"format": "other"}');
    expect(await screen.findByRole('alert')).toHaveTextContent('Ce fichier n’est pas une sauvegarde de Ricochet.');
    expect(screen.queryByRole('button', { name: 'Restaurer une sauvegarde' })).toBeNull();
    await choose('{}');
    expect(await screen.findByText('Atelier Léa')).toBeInTheDocument();
    expect(workspace.preview).toHaveBeenCalledTimes(2);
  });

  it('that is sealed is opened by its passphrase first', async () => {
    await choose('{"format":"ricochet-sealed-workspace","version":1}\n', 'atelier.ricochet');
    const passphrase = await screen.findByLabelText(/Phrase secrète du fichier/);
    expect(workspace.preview).not.toHaveBeenCalled();
    workspace.preview.mockResolvedValueOnce(failed(words('words.backup.wrong_passphrase')));
    await userEvent.type(passphrase, 'un cheval faux');
    await userEvent.click(screen.getByRole('button', { name: 'Ouvrir le fichier' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Ce n’est pas la phrase secrète de ce fichier');
    await userEvent.clear(screen.getByLabelText(/Phrase secrète du fichier/));
    await userEvent.type(screen.getByLabelText(/Phrase secrète du fichier/), 'un cheval correct{Enter}');
    expect(await screen.findByText('Atelier Léa')).toBeVisible();
    expect(workspace.preview.mock.lastCall?.[1]).toEqual({ passphrase: 'un cheval correct' });
  });

  it('can be stopped while it is read', async () => {
    type GoesOn = (progress: { done: number; total: number }) => boolean;
    let goesOn: GoesOn = () => true;
    let answer: (result: unknown) => void = () => undefined;
    workspace.preview.mockImplementation((_file, _options, heard: GoesOn) => {
      goesOn = heard;
      return new Promise((resolve) => (answer = resolve));
    });
    await choose('{}');
    await waitFor(() => expect(goesOn({ done: 5, total: 10 })).toBe(true));
    expect(await screen.findByRole('progressbar')).toHaveAttribute('aria-valuenow', '50');
    await userEvent.click(screen.getByRole('button', { name: 'Arrêter' }));
    expect(goesOn({ done: 6, total: 10 })).toBe(false);
    answer(failed(words('words.backup.stopped')));
    await waitFor(() => expect(screen.queryByRole('progressbar')).toBeNull());
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('Déposez votre sauvegarde ici')).toBeVisible();
  });
});
