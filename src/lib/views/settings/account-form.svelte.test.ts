import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, ok } from '$lib/core/result';
import type { Account } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import AccountDrawer from './AccountDrawer.svelte';
import type { AccountKind } from './account-form.svelte';

const accounts = { save: vi.fn(), test: vi.fn() };
answerWith({ accounts });

void setLocale('fr');

const kind: AccountKind = {
  id: 'email.brevo',
  name: 'Brevo',
  channel: 'email',
  documentation: 'https://developers.brevo.com/',
  refusesBrowsers: false,
  fields: [
    { name: 'apiKey', control: { kind: 'secret' }, required: true, initial: null },
    { name: 'baseUrl', control: { kind: 'url' }, required: true, initial: 'https://api.brevo.com' }
  ]
};
const account: Account = {
  id: 'a1',
  provider: 'email.brevo',
  name: 'Mon Brevo',
  fields: { apiKey: 's1', baseUrl: 'https://relais.exemple.fr' },
  createdAt: 1
};

beforeEach(() => {
  accounts.save.mockReset();
  accounts.test.mockReset();
});

describe('the form of a provider account', () => {
  it('proposes a name by which a second one can be told from the first', async () => {
    const others = [
      { ...account, name: 'Brevo' },
      { ...account, id: 'a2', name: 'Brevo 2' }
    ];
    render(AccountDrawer, { open: true, kind, account: null, others });
    expect(screen.getByLabelText('Nom du compte')).toHaveValue('Brevo 3');
  });

  it('asks for what is needed before it calls anybody', async () => {
    render(AccountDrawer, { open: true, kind, account: null });
    await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
    expect(screen.getByLabelText('Clé API')).toBeInvalid();
    expect(accounts.test).not.toHaveBeenCalled();
  });

  it('leads to what is wrong, and keeps no limit that is no number for one that is', async () => {
    accounts.save.mockResolvedValue(ok('a1'));
    render(AccountDrawer, { open: true, kind, account: null });
    const save = screen.getByRole('button', { name: 'Enregistrer' });
    await userEvent.click(save);
    expect(screen.getByLabelText('Clé API')).toHaveFocus();
    await userEvent.type(screen.getByLabelText('Clé API'), 'xkeysib-1');
    const limit = screen.getByRole('textbox', { name: 'Au plus' });
    for (const odd of ['30x', '-5', '2,5']) {
      await userEvent.clear(limit);
      await userEvent.type(limit, odd);
      await userEvent.click(save);
      expect(limit).toBeInvalid();
      expect(limit).toHaveFocus();
    }
    expect(accounts.save).not.toHaveBeenCalled();
    await userEvent.clear(limit);
    await userEvent.type(limit, '300');
    await userEvent.click(save);
    expect(accounts.save).toHaveBeenCalledWith(expect.objectContaining({ limit: { calls: 300, per: 'day' } }));
  });

  it('takes an address that was pasted without its scheme, and sends no key to what is none', async () => {
    accounts.test.mockResolvedValueOnce(ok(words('words.provider.works', { provider: 'Brevo', account: 'lea@x.fr' })));
    render(AccountDrawer, { open: true, kind, account: null });
    await userEvent.type(screen.getByLabelText('Clé API'), 'xkeysib-1');
    const address = screen.getByLabelText('Adresse de l’API');
    for (const wrong of ['relais', 'ftp://relais.exemple.fr', 'https://', '/v3']) {
      await userEvent.clear(address);
      await userEvent.type(address, wrong);
      await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
      expect(address).toBeInvalid();
      expect(accounts.test).not.toHaveBeenCalled();
    }
    await userEvent.clear(address);
    await userEvent.type(address, ' relais.lea.workers.dev ');
    await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
    expect(address).toHaveValue('https://relais.lea.workers.dev');
    expect(accounts.test).toHaveBeenCalledWith(
      expect.objectContaining({ fields: { baseUrl: 'https://relais.lea.workers.dev' } })
    );
  });

  it('tests what is typed and says the answer in words', async () => {
    accounts.test.mockResolvedValueOnce(failed(words('words.provider.key_refused', { provider: 'Brevo' })));
    render(AccountDrawer, { open: true, kind, account: null });
    await userEvent.type(screen.getByLabelText('Clé API'), 'xkeysib-1');
    await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Cela ne fonctionne pas');
    expect(accounts.test).toHaveBeenCalledWith({
      provider: 'email.brevo',
      name: 'Brevo',
      fields: { baseUrl: 'https://api.brevo.com' },
      throughRelay: false,
      secrets: { apiKey: 'xkeysib-1' }
    });
    accounts.test.mockResolvedValueOnce(ok(words('words.provider.works', { provider: 'Brevo', account: 'lea@x.fr' })));
    await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
    expect(await screen.findByRole('status')).toHaveTextContent('Tout fonctionne');
  });

  it('offers the way out where a provider refuses pages: through the relay at once, or to the relay first', async () => {
    accounts.test.mockResolvedValueOnce(failed(words('words.provider.use_relay', { provider: 'Brevo' })));
    accounts.test.mockResolvedValueOnce(ok(words('words.provider.accepts_key', { provider: 'Brevo' })));
    render(AccountDrawer, { open: true, kind, account: null, hasRelay: true });
    await userEvent.type(screen.getByLabelText('Clé API'), 'xkeysib-1');
    await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Tester par mon relais' }));
    expect(await screen.findByRole('status')).toHaveTextContent('Tout fonctionne');
    expect(accounts.test).toHaveBeenLastCalledWith(expect.objectContaining({ throughRelay: true }));
    expect(screen.getByRole('switch', { name: /^Par mon relais/ })).toBeChecked();
    accounts.test.mockResolvedValueOnce(failed(words('words.provider.connect_relay', { provider: 'Brevo' })));
    await userEvent.click(screen.getByRole('button', { name: 'Tester la connexion' }));
    expect(await screen.findByRole('link', { name: 'Connecter mon relais' })).toHaveAttribute(
      'href',
      '/settings/relay'
    );
  });

  it('never shows a kept secret, and leaves it as it is', async () => {
    accounts.save.mockResolvedValue(ok('a1'));
    const onsaved = vi.fn();
    render(AccountDrawer, { open: true, kind, account, onsaved });
    expect(screen.getByLabelText('Clé API')).toHaveValue('');
    expect(screen.getByLabelText('Clé API')).toHaveAttribute('placeholder', expect.stringContaining('Conservée'));
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(accounts.save).toHaveBeenCalledWith({
      id: 'a1',
      provider: 'email.brevo',
      name: 'Mon Brevo',
      fields: { baseUrl: 'https://relais.exemple.fr' },
      throughRelay: false,
      secrets: { apiKey: null }
    });
    expect(onsaved).toHaveBeenCalledWith('a1', null);
  });

  it('goes through the relay at a provider that refuses pages, unless that is turned off', async () => {
    accounts.save.mockResolvedValue(ok('a1'));
    render(AccountDrawer, { open: true, kind: { ...kind, refusesBrowsers: true }, account: null, hasRelay: true });
    await userEvent.type(screen.getByLabelText('Clé API'), 'k');
    const relay = screen.getByRole('switch', { name: /^Par mon relais/ });
    expect(relay).toBeChecked();
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(accounts.save).toHaveBeenCalledWith(expect.objectContaining({ throughRelay: true }));
  });

  it('takes how much the account may send, and who stands in for it', async () => {
    accounts.save.mockResolvedValue(ok('a1'));
    const user = userEvent.setup();
    const second: Account = { ...account, id: 'a2', name: 'Secours' };
    render(AccountDrawer, { open: true, kind, account, others: [second] });
    expect(screen.getByLabelText('En combien de temps')).toBeDisabled();
    await user.type(screen.getByRole('textbox', { name: 'Au plus' }), '300');
    await user.click(screen.getByLabelText('S’il ne peut pas envoyer'));
    await user.selectOptions(screen.getByLabelText('En combien de temps'), 'par jour');
    await user.selectOptions(screen.getByLabelText('S’il ne peut pas envoyer'), 'Secours');
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(accounts.save.mock.lastCall?.[0]).toMatchObject({
      limit: { calls: 300, per: 'day' },
      fallbackId: 'a2'
    });
  });

  it('lets both be taken off again', async () => {
    accounts.save.mockResolvedValue(ok('a1'));
    const user = userEvent.setup();
    const limited: Account = { ...account, limit: { calls: 5, per: 'minute' }, fallbackId: 'a2' };
    render(AccountDrawer, { open: true, kind, account: limited, others: [{ ...account, id: 'a2', name: 'Secours' }] });
    await user.clear(screen.getByRole('textbox', { name: 'Au plus' }));
    await user.selectOptions(screen.getByLabelText('S’il ne peut pas envoyer'), 'Attendre qu’il le puisse');
    await user.click(screen.getByRole('button', { name: 'Enregistrer' }));
    const [draft] = accounts.save.mock.lastCall as [object];
    expect(draft).not.toHaveProperty('limit');
    expect(draft).not.toHaveProperty('fallbackId');
  });
});
