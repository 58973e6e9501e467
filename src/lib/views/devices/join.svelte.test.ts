import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { goto } from '$app/navigation';
import { failed, ok } from '$lib/core/result';
import type { SyncStanding } from '$lib/core/rows/events';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { connectDevice, disconnectDevice } from '../../../../tests/fixtures/connection';
import JoinScreen from './JoinScreen.svelte';
import { joinLink } from './join-link';
import type { RemoteKind } from './sync-types';

const sync = { kinds: vi.fn(), examine: vi.fn(), connect: vi.fn(), disconnect: vi.fn() };
answerWith({ sync });

void setLocale('fr');

const couchdb: RemoteKind = {
  id: 'couchdb',
  name: 'CouchDB',
  documentation: 'https://docs.couchdb.org/',
  fields: [{ name: 'url', control: { kind: 'url' }, required: true, initial: '' }],
  steps: []
};
const place = { remote: 'couchdb', fields: { url: 'https://couch.example.com:6984/', password: 'pâte' } };
const link = joinLink('https://app.example.com/join', place);

/** The workspace arrives from the laptop. */
const become = (how: Partial<SyncStanding> = {}) =>
  connectDevice(
    { device: 'phone', name: 'Téléphone', runs: 'elsewhere', holder: 'laptop' },
    { peers: { laptop: { next: 1, heard: 3 } }, ...how }
  );

beforeEach(async () => {
  vi.mocked(goto).mockReset();
  sync.kinds.mockReset().mockResolvedValue([couchdb]);
  sync.examine.mockReset().mockResolvedValue(ok('workspace'));
  sync.connect.mockReset().mockImplementation(() => become().then(() => ok(undefined)));
  sync.disconnect.mockReset().mockImplementation(() => disconnectDevice().then(() => ok(undefined)));
  history.replaceState(null, '', '/join');
  await disconnectDevice();
});

const join = async () => {
  await userEvent.type(await screen.findByLabelText('Phrase secrète de vos appareils'), 'un cheval correct');
  await userEvent.click(screen.getByRole('button', { name: 'Rejoindre' }));
};

it('takes the link out of the address, says where it leads, and joins with the passphrase', async () => {
  history.replaceState(null, '', `/join${link.slice(link.indexOf('#'))}`);
  render(JoinScreen);
  expect(location.href).not.toContain('#');
  expect(await screen.findByText('Ce lien mène à couch.example.com:6984')).toBeVisible();
  expect(sync.examine).not.toHaveBeenCalled();
  await join();
  const name = expect.any(String) as string;
  expect(sync.connect).toHaveBeenCalledWith(place, { passphrase: 'un cheval correct', name });
  const bar = await screen.findByRole('progressbar', { name: 'Votre espace de travail arrive' });
  expect(bar).toHaveAttribute('aria-valuetext', '0 paquets sur 3');
  await become({ peers: { laptop: { next: 3, heard: 3 } } });
  await waitFor(() => expect(bar).toHaveAttribute('aria-valuetext', '2 paquets sur 3'));
  expect(goto).not.toHaveBeenCalled();
  await become({ peers: {}, syncedAt: 1 });
  await waitFor(() => expect(goto).toHaveBeenCalledWith('/'));
});

it('reads a link that is pasted, and says what is wrong with another', async () => {
  render(JoinScreen);
  const field = await screen.findByLabelText('Lien copié de l’autre appareil');
  await userEvent.type(field, 'https://example.com');
  await userEvent.click(screen.getByRole('button', { name: 'Continuer' }));
  expect(field).toBeInvalid();
  await userEvent.click(field);
  await userEvent.paste(link);
  await userEvent.click(screen.getByRole('button', { name: 'Continuer' }));
  expect(await screen.findByRole('button', { name: 'Rejoindre' })).toBeVisible();
});

it('begins nothing where no workspace is', async () => {
  history.replaceState(null, '', `/join${link.slice(link.indexOf('#'))}`);
  sync.examine.mockResolvedValueOnce(ok('nothing'));
  sync.examine.mockResolvedValueOnce(failed(words('words.couchdb.no_answer')));
  render(JoinScreen);
  await join();
  expect(await screen.findByRole('alert')).toHaveTextContent('ne contient encore aucun espace');
  await userEvent.click(screen.getByRole('button', { name: 'Rejoindre' }));
  await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent('CouchDB ne répond pas'));
  expect(sync.connect).not.toHaveBeenCalled();
});

it('can be called off while it connects, which is taken back once it has', async () => {
  history.replaceState(null, '', `/join${link.slice(link.indexOf('#'))}`);
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  sync.connect.mockImplementationOnce(() => asked.then(() => become()).then(() => ok(undefined)));
  render(JoinScreen);
  await join();
  await userEvent.click(screen.getByRole('button', { name: 'Annuler' }));
  expect(sync.disconnect).not.toHaveBeenCalled();
  answer();
  await waitFor(() => expect(sync.disconnect).toHaveBeenCalledOnce());
  expect(await screen.findByRole('button', { name: 'Prendre un autre lien' })).toBeVisible();
});

it('can be stopped while the workspace arrives', async () => {
  history.replaceState(null, '', `/join${link.slice(link.indexOf('#'))}`);
  render(JoinScreen);
  await join();
  await userEvent.click(await screen.findByRole('button', { name: 'Arrêter' }));
  await waitFor(() => expect(sync.disconnect).toHaveBeenCalledOnce());
  expect(await screen.findByRole('button', { name: 'Rejoindre' })).toBeVisible();
  expect(goto).not.toHaveBeenCalled();
});

it('says that the device is connected already', async () => {
  await become({ syncedAt: 1 });
  render(JoinScreen);
  expect(await screen.findByText('Cet appareil est déjà relié')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Voir les appareils' })).toHaveAttribute('href', '/settings/devices');
});
