import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { failed, ok } from '$lib/core/result';
import type { Attribute, Contact } from '$lib/core/rows/contacts';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import ContactDrawer from './ContactDrawer.svelte';

const save = vi.fn();
answerWith({ contacts: { save } });

void setLocale('fr');

const attributes: Attribute[] = [
  { id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: 1 },
  { id: 'POINTS', name: 'Points', kind: 'number', createdAt: 1 },
  { id: 'VIP', name: 'Fidèle', kind: 'yesNo', createdAt: 1 },
  { id: 'BIRTHDAY', name: 'Naissance', kind: 'date', createdAt: 1 }
];
const lists = [{ id: 'l1', name: 'Newsletter', createdAt: 1 }];
const contact: Contact = {
  id: 'c1',
  email: 'lea@exemple.fr',
  attributes: { FIRSTNAME: 'Léa', POINTS: 12 },
  listIds: [],
  listedAt: {},
  createdAt: 1,
  updatedAt: 1
};

beforeEach(() => save.mockReset());

const submit = () => userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));

describe('the form of a contact', () => {
  it('hands on what was typed, by the kind of each attribute', async () => {
    save.mockResolvedValue(ok('c9'));
    render(ContactDrawer, { open: true, attributes, lists, inList: 'l1' });
    await userEvent.type(screen.getByLabelText('Email'), ' zoe@exemple.fr ');
    await userEvent.type(screen.getByLabelText('Prénom'), 'Zoé');
    await userEvent.type(screen.getByLabelText('Points'), '3,5');
    await userEvent.selectOptions(screen.getByLabelText('Fidèle'), 'Non');
    await submit();
    expect(save).toHaveBeenCalledWith({
      email: 'zoe@exemple.fr',
      phone: '',
      externalId: '',
      attributes: { FIRSTNAME: 'Zoé', POINTS: 3.5, VIP: false, BIRTHDAY: null },
      listIds: ['l1'],
      ownerId: null,
      companyId: null
    });
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it('starts with what is known, takes away what was emptied, and leaves the rest to whoever has written it meanwhile', async () => {
    save.mockResolvedValue(ok('c1'));
    render(ContactDrawer, { open: true, attributes, lists, contact });
    await userEvent.clear(screen.getByLabelText('Prénom'));
    await userEvent.type(screen.getByLabelText('Téléphone'), '06 11 22 33 44');
    await submit();
    expect(save).toHaveBeenCalledWith({
      id: 'c1',
      phone: '06 11 22 33 44',
      attributes: { FIRSTNAME: null },
      listIds: []
    });
  });

  it.each([
    ['words.contact.taken_email', 'Email', /Un autre contact a déjà/],
    ['words.contact.not_an_email', 'Email', /adresse email valable/],
    ['words.contact.not_a_phone', 'Téléphone', /numéro de téléphone valable/]
  ])('says %s on the field it is about, and stays open', async (key, field, text) => {
    save.mockResolvedValue(failed(words(key, { value: 'x' })));
    render(ContactDrawer, { open: true, attributes, lists });
    await submit();
    expect(screen.getByLabelText(field)).toBeInvalid();
    expect(screen.getByLabelText(field)).toHaveAccessibleDescription(text);
    expect(screen.getByRole('dialog')).toBeVisible();
  });
});
