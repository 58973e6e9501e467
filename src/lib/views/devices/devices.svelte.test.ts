import { render, screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, ok } from '$lib/core/result';
import type { ConnectionRow, Runs } from '$lib/core/rows/connection';
import type { SyncStanding } from '$lib/core/rows/events';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { connectDevice, disconnectDevice } from '../../../../tests/fixtures/connection';
import DevicesScreen from './DevicesScreen.svelte';
import { placeOf } from './join-link';
import type { RemoteKind } from './sync-types';

const sync = {
  kinds: vi.fn(),
  examine: vi.fn(),
  connect: vi.fn(),
  disconnect: vi.fn(),
  place: vi.fn(),
  openAnew: vi.fn(),
  changePassphrase: vi.fn(),
  revoke: vi.fn(),
  rename: vi.fn(),
  runHere: vi.fn(),
  trustClock: vi.fn(),
  now: vi.fn()
};
answerWith({ sync });

void setLocale('fr');

const couchdb: RemoteKind = {
  id: 'couchdb',
  name: 'CouchDB',
  documentation: 'https://docs.couchdb.org/',
  fields: [
    { name: 'url', control: { kind: 'url' }, required: true, initial: '' },
    { name: 'database', control: { kind: 'text' }, required: true, initial: 'ricochet' },
    { name: 'user', control: { kind: 'text' }, required: false, initial: '' },
    { name: 'password', control: { kind: 'secret' }, required: false, initial: null }
  ],
  steps: [{ name: 'database' }, { name: 'cors', copy: '[cors]\norigins = https://app.example.com\n' }]
};
const typed = {
  remote: 'couchdb',
  fields: { url: 'https://couch.example.com', database: 'ricochet', user: '', password: 'pâte' }
};

const HOUR = 3_600_000;
const then = Date.now() - 2 * HOUR;
const devices = [
  { id: 'old', name: 'Vieux téléphone', writesAs: ['w1'], since: 1, seenAt: 1, isRevoked: true },
  { id: 'phone', name: 'Safari sur iPhone', writesAs: ['w2'], since: then, seenAt: then, isRevoked: false },
  { id: 'laptop', name: 'Firefox sur Linux', writesAs: ['w3', 'w4'], since: then, seenAt: then, isRevoked: false }
];
const laptop = { device: 'laptop', name: 'Firefox sur Linux', holder: 'laptop' };
const place = { url: 'https://couch.example.com', database: 'ricochet', user: '' };
const told = { device: 'w4', cursor: '1', peers: { w2: { next: 3, heard: 2 } }, next: 1, syncedAt: then };

async function connected(more: Partial<ConnectionRow> = {}, how: Partial<SyncStanding> = {}) {
  await connectDevice({ fields: place, devices, ...laptop, ...more }, { ...told, ...how });
  render(DevicesScreen);
  return screen.findByRole('list');
}

beforeEach(async () => {
  for (const call of Object.values(sync)) call.mockReset().mockResolvedValue(ok(undefined));
  sync.kinds.mockResolvedValue([couchdb]);
  await disconnectDevice();
});

describe('connecting this device', () => {
  async function fill() {
    render(DevicesScreen);
    await userEvent.click(await screen.findByRole('radio', { name: 'CouchDB' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Adresse' }), ' https://couch.example.com');
    await userEvent.type(screen.getByLabelText(/^Mot de passe/), 'pâte');
  }
  const examine = () => userEvent.click(screen.getByRole('button', { name: 'Tester' }));

  it('guides to what is to be done at the remote, and asks for what is needed before anybody is called', async () => {
    render(DevicesScreen);
    await userEvent.click(await screen.findByRole('radio', { name: 'CouchDB' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(2);
    expect(screen.getByRole('button', { name: /ce que demande l’étape 2$/ })).toBeVisible();
    await examine();
    expect(screen.getByRole('textbox', { name: 'Adresse' })).toBeInvalid();
    expect(sync.examine).not.toHaveBeenCalled();
  });

  it('says what is wrong there, until something else is typed', async () => {
    sync.examine.mockResolvedValue(failed(words('words.couchdb.no_database', { database: 'ricochet' })));
    await fill();
    await examine();
    expect(await screen.findByRole('alert')).toHaveTextContent('CouchDB n’a pas de base « ricochet »');
    await userEvent.type(screen.getByRole('textbox', { name: /^Base/ }), '2');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('begins where nothing is, under a passphrase that is typed twice and long enough', async () => {
    sync.examine.mockResolvedValue(ok('nothing'));
    await fill();
    await examine();
    const passphrase = await screen.findByLabelText('Phrase secrète de vos appareils');
    expect(sync.examine).toHaveBeenCalledWith(typed);
    const connect = screen.getByRole('button', { name: 'Relier cet appareil' });
    await userEvent.type(passphrase, 'court');
    await userEvent.click(connect);
    expect(passphrase).toBeInvalid();
    await userEvent.type(passphrase, ' devenu long');
    await userEvent.click(connect);
    expect(screen.getByLabelText('Encore une fois')).toBeInvalid();
    expect(sync.connect).not.toHaveBeenCalled();
    await userEvent.type(screen.getByLabelText('Encore une fois'), 'court devenu long');
    const name = screen.getByRole('textbox', { name: 'Nom de cet appareil' });
    await userEvent.clear(name);
    await userEvent.type(name, 'Atelier');
    await userEvent.click(connect);
    expect(sync.connect).toHaveBeenCalledWith(typed, { passphrase: 'court devenu long', name: 'Atelier' });
  });

  it('joins the workspace that is there, whose passphrase is asked once', async () => {
    sync.examine.mockResolvedValue(ok('workspace'));
    sync.connect.mockResolvedValueOnce(failed(words('words.sync.wrong_passphrase')));
    sync.connect.mockResolvedValueOnce(failed(words('words.sync.contended')));
    await fill();
    await examine();
    const passphrase = await screen.findByLabelText('Phrase secrète de vos appareils');
    expect(screen.queryByLabelText('Encore une fois')).toBeNull();
    await userEvent.type(passphrase, 'ce n’est pas elle');
    await userEvent.click(screen.getByRole('button', { name: 'Relier cet appareil' }));
    expect(passphrase).toBeInvalid();
    await userEvent.click(screen.getByRole('button', { name: 'Relier cet appareil' }));
    expect(passphrase).toBeValid();
    expect(await screen.findByRole('alert')).toHaveTextContent('réessayez');
  });
});

describe('a device that is connected', () => {
  const region = (name: string) => screen.getByRole('region', { name });

  it('lists its devices: this one, where it runs, and those whose access was taken away', async () => {
    await connected();
    const [here, phone, old] = within(region('Vos appareils')).getAllByRole('listitem');
    expect(here).toHaveTextContent(/Firefox sur Linux.*Cet appareil.*Fait tourner/);
    expect(phone).toHaveTextContent(/Safari sur iPhone.*Vu il y a 2 h/);
    expect(old).toHaveTextContent(/Vieux téléphone.*Accès retiré/);
    expect(within(old as HTMLElement).queryByRole('button')).toBeNull();
    expect(region('Synchronisation')).toHaveTextContent('Tous vos appareils s’accordent');
    expect(region('Synchronisation')).toHaveTextContent('CouchDB, couch.example.com');
  });

  it('does not say that they run here while it has only just taken over', async () => {
    await connected({ runs: 'starting' });
    expect(region('Vos appareils')).not.toHaveTextContent('Fait tourner');
  });

  it('shows how much it has still to receive, and what is wrong', async () => {
    const peers = { w2: { next: 3, heard: 11 } };
    await connected({}, { peers, problem: words('words.couchdb.no_answer') });
    const bar = within(region('Synchronisation')).getByRole('progressbar');
    expect(bar).toHaveAttribute('aria-valuetext', '0 paquets sur 9');
    await userEvent.click(screen.getByRole('button', { name: 'Réessayer' }));
    expect(sync.now).toHaveBeenCalledOnce();
  });

  it('asks whether its clock is right, and takes the user’s word', async () => {
    await connected({}, { problem: words('words.sync.clock_behind') });
    expect(region('Synchronisation')).toHaveTextContent(/retarde.*Cet appareil affiche .*20\d\d.*Si c’est juste/);
    await userEvent.click(screen.getByRole('button', { name: 'Cette heure est juste' }));
    expect(sync.trustClock).toHaveBeenCalledOnce();
    expect(sync.now).not.toHaveBeenCalled();
  });

  it.each<[Runs, RegExp]>([
    ['here', /Cet appareil.*partent d’ici/],
    ['elsewhere', /Safari sur iPhone.*rien ne part d’ici/],
    ['starting', /bientôt.*Au plus tôt à/],
    ['apart', /ne répond pas.*celui-ci attend/],
    ['alone', /hors ligne.*personne à attendre/],
    ['forced', /vous l’avez voulu.*partir deux fois/],
    ['locked', /verrouillées.*Déverrouillez-les/]
  ])('says what it means that the journeys run: %s', async (runs, meaning) => {
    await connected({ runs, holder: 'phone', startsAt: Date.now() + HOUR });
    expect(region('Qui fait tourner les automatisations')).toHaveTextContent(meaning);
    const canTake = runs === 'elsewhere' || runs === 'apart';
    expect(screen.queryAllByRole('button', { name: 'Faire tourner ici' })).toHaveLength(canTake ? 1 : 0);
  });

  it('takes the journeys over once it is said what that means', async () => {
    await connected({ runs: 'elsewhere', holder: 'phone' });
    await userEvent.click(screen.getByRole('button', { name: 'Faire tourner ici' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('partir deux fois');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Faire tourner ici' }));
    expect(sync.runHere).toHaveBeenCalledOnce();
  });

  it('takes away the access of another, with the passphrase', async () => {
    await connected();
    sync.revoke.mockResolvedValueOnce(failed(words('words.sync.wrong_passphrase')));
    await userEvent.click(screen.getByRole('button', { name: 'Retirer son accès' }));
    const dialog = await screen.findByRole('dialog');
    const passphrase = within(dialog).getByLabelText('Phrase secrète de vos appareils');
    await userEvent.type(passphrase, 'un cheval correct');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Retirer son accès' }));
    expect(sync.revoke).toHaveBeenCalledWith('phone', 'un cheval correct');
    expect(passphrase).toBeInvalid();
  });

  it('asks for the passphrase where the remote has a new key', async () => {
    await connected({ isKeyOld: true, runs: 'apart' });
    expect(region('Synchronisation')).toHaveTextContent('peut-être celui-ci');
    expect(region('Qui fait tourner les automatisations')).toHaveTextContent('Celui-ci attend la phrase secrète');
    await userEvent.type(screen.getByLabelText('Phrase secrète de vos appareils'), 'un cheval correct');
    await userEvent.click(screen.getByRole('button', { name: 'Continuer' }));
    expect(sync.openAnew).toHaveBeenCalledWith('un cheval correct');
  });

  it('changes the passphrase, and goes on alone', async () => {
    await connected();
    await userEvent.click(screen.getByRole('button', { name: 'Changer la phrase secrète' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.type(within(dialog).getByLabelText('Phrase secrète actuelle'), 'celle d’avant');
    await userEvent.type(within(dialog).getByLabelText('Nouvelle phrase secrète'), 'celle d’après');
    await userEvent.type(within(dialog).getByLabelText('Encore une fois'), 'celle d’après');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Changer la phrase secrète' }));
    expect(sync.changePassphrase).toHaveBeenCalledWith({ from: 'celle d’avant', to: 'celle d’après' });
    await userEvent.click(screen.getByRole('button', { name: 'Délier cet appareil' }));
    const asking = await screen.findByRole('alertdialog');
    await userEvent.click(within(asking).getByRole('button', { name: 'Délier cet appareil' }));
    expect(sync.disconnect).toHaveBeenCalledOnce();
  });

  it('gives another device a code and a link, which hold the place and not the passphrase', async () => {
    sync.place.mockResolvedValue(ok(typed));
    const user = userEvent.setup();
    await connected();
    await user.click(screen.getByRole('button', { name: 'Ajouter un appareil' }));
    expect(await screen.findByRole('img', { name: /^Code à scanner/ })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copier le lien' }));
    const link = await navigator.clipboard.readText();
    expect(link).toMatch(/\/join#/);
    expect(placeOf(link)).toEqual(ok(typed));
  });

  it('leads to the keys where they are locked', async () => {
    sync.place.mockResolvedValue(failed(words('words.keys.locked')));
    await connected();
    await userEvent.click(screen.getByRole('button', { name: 'Ajouter un appareil' }));
    expect(await screen.findByRole('link', { name: 'Ouvrir les clés' })).toHaveAttribute('href', '/settings/security');
  });
});
