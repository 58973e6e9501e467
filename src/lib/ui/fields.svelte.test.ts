import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { setLocale } from '$lib/i18n';
import Checkbox from './Checkbox.svelte';
import Combobox from './Combobox.svelte';
import FileDrop from './FileDrop.svelte';
import NumberField from './NumberField.svelte';
import SearchField from './SearchField.svelte';
import Segmented from './Segmented.svelte';
import Select from './Select.svelte';
import Switch from './Switch.svelte';
import TextField from './TextField.svelte';

void setLocale('fr');

describe('a text field', () => {
  it('is named by its label, described by its help and error, and marked when wrong', () => {
    render(TextField, { label: 'Objet', help: 'Court', error: 'Vide', required: true, value: 'Bonjour' });
    const field = screen.getByRole('textbox', { name: 'Objet' });
    expect(field).toHaveValue('Bonjour');
    expect(field).toBeInvalid();
    expect(field).toBeRequired();
    expect(field).toHaveAccessibleDescription('Vide Court');
  });

  it('has no description without help or error', () => {
    render(TextField, { label: 'Objet', hideLabel: true });
    expect(screen.getByRole('textbox', { name: 'Objet' })).not.toHaveAccessibleDescription();
  });
});

describe('a number field', () => {
  it('understands a comma and a point, and says nothing of what is half typed', async () => {
    const onchange = vi.fn();
    render(NumberField, { label: 'Délai', onchange });
    const field = screen.getByRole('textbox', { name: 'Délai' });
    await userEvent.type(field, '1,5');
    expect(onchange).toHaveBeenLastCalledWith(1.5);
    await userEvent.clear(field);
    expect(onchange).toHaveBeenLastCalledWith(null);
    await userEvent.type(field, '2.25');
    expect(onchange).toHaveBeenLastCalledWith(2.25);
    await userEvent.tab();
    expect(field).toHaveValue('2,25');
  });

  it('keeps what is wrong on screen, says why, and does not hand it on', async () => {
    const onchange = vi.fn();
    render(NumberField, { label: 'Délai', value: 3, min: 1, integer: true, onchange });
    const field = screen.getByRole('textbox', { name: 'Délai' });
    await userEvent.clear(field);
    await userEvent.type(field, '0');
    expect(field).toBeInvalid();
    expect(field).toHaveAccessibleDescription(/plus petit nombre/);
    expect(onchange).not.toHaveBeenCalledWith(0);
  });

  it('moves by its step with the arrows, within its limits', async () => {
    const onchange = vi.fn();
    render(NumberField, { label: 'Délai', value: 1, min: 0, max: 2, onchange });
    screen.getByRole('textbox', { name: 'Délai' }).focus();
    await userEvent.keyboard('{ArrowUp}{ArrowUp}{ArrowDown}');
    expect(onchange.mock.calls.flat()).toEqual([2, 1]);
  });
});

describe('choosing', () => {
  it('one of a few', async () => {
    const onchange = vi.fn();
    const options = [
      { value: 'h', label: 'Heures' },
      { label: 'Longues', options: [{ value: 'd', label: 'Jours' }] }
    ];
    render(Select, { label: 'Unité', options, placeholder: 'Choisir', onchange });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Unité' }), 'Jours');
    expect(onchange).toHaveBeenCalledWith('d');
  });

  it('one of two, by arrows', async () => {
    const onchange = vi.fn();
    const options = [
      { value: 'marketing', label: 'Marketing' },
      { value: 'transactional', label: 'Transactionnel' }
    ];
    render(Segmented, { label: 'Type', value: 'marketing', options, onchange, help: 'Lien ajouté' });
    expect(screen.getByRole('group', { name: 'Type' })).toHaveAccessibleDescription('Lien ajouté');
    expect(screen.getByRole('radio', { name: 'Marketing' })).toBeChecked();
    await userEvent.click(screen.getByRole('radio', { name: 'Transactionnel' }));
    expect(onchange).toHaveBeenCalledWith('transactional');
  });

  it('yes or no', async () => {
    const onchange = vi.fn();
    render(Checkbox, { label: 'Prévenir', onchange });
    await userEvent.click(screen.getByText('Prévenir'));
    expect(onchange).toHaveBeenCalledWith(true);
    render(Switch, { label: 'Fenêtre', checked: true, onchange });
    await userEvent.click(screen.getByRole('switch', { name: 'Fenêtre' }));
    expect(onchange).toHaveBeenLastCalledWith(false);
  });
});

describe('a combobox', () => {
  const choices = [
    { value: 'a', label: 'Newsletter du jeudi' },
    { value: 'b', label: 'Fidélité Or' },
    { value: 'c', label: 'Atelier' }
  ];

  /** Opens the list and waits for its search box, which takes the focus. */
  async function open(name: string, shown = 'Choisir') {
    await userEvent.click(screen.getByRole('button', { name: `${name} ${shown}` }));
    await waitFor(() => expect(screen.getByRole('combobox', { name })).toHaveFocus());
  }

  it('finds without accents and takes with Enter', async () => {
    const onchange = vi.fn();
    render(Combobox, { label: 'Liste', choices, onchange });
    await open('Liste');
    await userEvent.keyboard('fidel');
    expect(screen.getAllByRole('option').map((one) => one.textContent.trim())).toEqual(['Fidélité Or']);
    await userEvent.keyboard('{Enter}');
    expect(onchange).toHaveBeenCalledWith('b');
    expect(screen.getByRole('button', { name: 'Liste Fidélité Or' })).toBeVisible();
  });

  it('takes several, and lets each go by its cross', async () => {
    const onchange = vi.fn();
    render(Combobox, { label: 'Listes', choices, multiple: true, value: ['a'], onchange });
    await open('Listes', 'Newsletter du jeudi');
    await userEvent.keyboard('{ArrowDown}{Enter}{ArrowDown}{Enter}');
    expect(onchange).toHaveBeenLastCalledWith(['a', 'b', 'c']);
    await userEvent.keyboard('{Escape}');
    await userEvent.click(screen.getByRole('button', { name: 'Retirer Fidélité Or' }));
    expect(onchange).toHaveBeenLastCalledWith(['a', 'c']);
  });

  it('is read with what is chosen, of several too', async () => {
    const { rerender } = render(Combobox, { label: 'Listes', choices, multiple: true, value: [] });
    expect(screen.getByRole('button', { name: 'Listes Choisir' })).toBeVisible();
    await rerender({ label: 'Listes', choices, multiple: true, value: ['a', 'b'] });
    expect(screen.getByRole('button', { name: 'Listes Newsletter du jeudi et Fidélité Or' })).toBeVisible();
  });

  it('says that nothing fits, or offers to make it', async () => {
    const oncreate = vi.fn();
    const { rerender } = render(Combobox, { label: 'Liste', choices });
    await open('Liste');
    await userEvent.keyboard('zzz');
    expect(screen.getByRole('status')).toHaveTextContent('Rien ne correspond');
    await rerender({ label: 'Liste', choices, oncreate });
    await userEvent.keyboard('{Enter}');
    expect(oncreate).toHaveBeenCalledWith('zzz');
  });
});

describe('a search field', () => {
  it('is cleared by Escape and by its cross', async () => {
    const oninput = vi.fn();
    render(SearchField, { label: 'Chercher un contact', oninput });
    const field = screen.getByRole('searchbox', { name: 'Chercher un contact' });
    await userEvent.type(field, 'léa');
    expect(oninput).toHaveBeenLastCalledWith('léa');
    await userEvent.keyboard('{Escape}');
    expect(field).toHaveValue('');
    await userEvent.type(field, 'théo');
    await userEvent.click(screen.getByRole('button', { name: 'Effacer' }));
    expect(oninput).toHaveBeenLastCalledWith('');
    expect(field).toHaveFocus();
  });
});

describe('a place for a file', () => {
  it('takes a file of the right kind, and says what it expects otherwise', async () => {
    const onfile = vi.fn();
    render(FileDrop, { accept: '.csv,text/csv', onfile });
    const input = screen.getByLabelText(/Déposez un fichier/);
    const upload = userEvent.setup({ applyAccept: false });
    await upload.upload(input, new File(['x'], 'photo.png', { type: 'image/png' }));
    expect(screen.getByRole('status')).toHaveTextContent('.csv');
    expect(onfile).not.toHaveBeenCalled();
    await upload.upload(input, new File(['a;b'], 'contacts.csv', { type: '' }));
    expect(onfile).toHaveBeenCalledOnce();
    expect(screen.getByText('contacts.csv')).toBeVisible();
  });
});
