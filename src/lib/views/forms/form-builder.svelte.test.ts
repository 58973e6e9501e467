import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { failed, ok } from '$lib/core/result';
import type { Form } from '$lib/core/rows/forms';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { FormDraft } from './form-draft.svelte';
import FormBuilder from './FormBuilder.svelte';
import FormView from './FormView.svelte';
import { newForm } from './new-form';

const forms = { save: vi.fn() };
answerWith({ forms });

void setLocale('fr');

const attributes = [
  { id: 'FIRSTNAME', name: 'Prénom', kind: 'text' as const, createdAt: 1 },
  { id: 'BORN', name: 'Naissance', kind: 'date' as const, createdAt: 1 }
];
const form = (): Form => ({ ...newForm('Stand', 'sign_up'), id: 'f1', createdAt: 1, updatedAt: 1 });

beforeEach(async () => {
  forms.save.mockReset();
  const database = await workspaceDatabase();
  await database.attributes.bulkPut(attributes);
  await database.lists.bulkPut([{ id: 'l1', name: 'Lettre', createdAt: 1 }]);
});

async function add(name: string) {
  await userEvent.click(screen.getByRole('button', { name: 'Ajouter une question' }));
  await userEvent.click(await screen.findByRole('menuitem', { name }));
}

const order = () =>
  screen.getAllByRole('button', { name: /^Déplacer/ }).map((handle) => handle.getAttribute('aria-label'));

describe('the builder of a form', () => {
  it('adds, moves by keyboard and removes questions, and shows them at once', async () => {
    const draft = new FormDraft(form());
    render(FormBuilder, { draft });
    expect(draft.isChanged).toBe(false);
    await add('Prénom');
    expect(order()).toEqual(['Déplacer Adresse email', 'Déplacer Prénom']);
    screen.getByRole('button', { name: 'Déplacer Prénom' }).focus();
    await userEvent.keyboard('{ArrowUp}');
    expect(order()).toEqual(['Déplacer Prénom', 'Déplacer Adresse email']);
    expect(screen.getByText(/place 1 sur 2/)).toBeInTheDocument();
    expect(draft.isChanged).toBe(true);

    const preview = screen.getByRole('heading', { name: 'Restons en contact' }).closest('form') as HTMLElement;
    expect(
      within(preview)
        .getAllByRole('textbox')
        .map((field) => field.getAttribute('type'))
    ).toEqual(['text', 'email']);
    await userEvent.clear(screen.getByRole('textbox', { name: 'Titre' }));
    await userEvent.type(screen.getByRole('textbox', { name: 'Titre' }), 'Samedi');
    expect(within(preview).getByRole('heading', { name: 'Samedi' })).toBeVisible();

    await userEvent.click(screen.getByRole('button', { name: 'Actions pour Prénom' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Supprimer' }));
    await waitFor(() => expect(order()).toEqual(['Déplacer Adresse email']));
  });

  it('offers nothing twice', async () => {
    render(FormBuilder, { draft: new FormDraft(form()) });
    await add('Naissance');
    await userEvent.click(screen.getByRole('button', { name: 'Ajouter une question' }));
    const offered = (await screen.findAllByRole('menuitem')).map((item) => item.textContent.trim());
    expect(offered).toEqual(['Téléphone', 'Prénom']);
  });

  it('hands on the whole form, and is changed until that is kept', async () => {
    const draft = new FormDraft(form());
    draft.add({ for: 'phone' });
    forms.save.mockResolvedValueOnce(failed(words('words.form.no_address'))).mockResolvedValueOnce(ok('f1'));
    expect((await draft.save()).ok).toBe(false);
    expect(draft.isChanged).toBe(true);
    expect((await draft.save()).ok).toBe(true);
    expect(draft.isChanged).toBe(false);
    expect(forms.save.mock.lastCall?.[0]).toMatchObject({
      id: 'f1',
      fields: [{ required: true }, { asks: { for: 'phone' } }]
    });
  });
});

describe('a form as it is filled in', () => {
  it('hands on what was typed, with the consent, and says what is wrong at each question', async () => {
    const shown = form();
    shown.fields.push({
      id: 'first',
      asks: { for: 'attribute', attributeId: 'FIRSTNAME' },
      label: '',
      help: '',
      required: false
    });
    const onsubmit = vi.fn();
    const email = shown.fields[0]!.id;
    const problems = [
      { fieldId: email, words: words('words.form.missing') },
      { fieldId: 'consent', words: words('words.form.consent_missing') },
      { fieldId: '', words: words('words.form.gone') }
    ];
    const { rerender } = render(FormView, { form: shown, attributes, onsubmit });
    await userEvent.type(screen.getByRole('textbox', { name: 'Adresse email' }), 'a@b.fr');
    await userEvent.type(screen.getByRole('textbox', { name: 'Prénom' }), '<b>Léa</b>');
    await userEvent.click(screen.getByRole('checkbox'));
    await userEvent.click(screen.getByRole('button', { name: 'M’inscrire' }));
    expect(onsubmit).toHaveBeenCalledWith({ values: { [email]: 'a@b.fr', first: '<b>Léa</b>' }, consent: true });
    await rerender({ form: shown, attributes, onsubmit, problems });
    expect(screen.getByRole('textbox', { name: 'Adresse email' })).toBeInvalid();
    expect(screen.getByText('Votre accord est nécessaire pour continuer.')).toBeVisible();
    expect(screen.getByText('Ce formulaire n’existe plus.')).toBeVisible();
  });
});
