import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { tick } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import EditorHost from '../testing/EditorHost.svelte';
import { sampleEditor, sampleGraph } from '../testing/editors';

const saveList = vi.fn(() => Promise.resolve({ ok: true, value: 'new' }));
const saveSecret = vi.fn(() => Promise.resolve({ ok: true, value: 'secret-1' }));
answerWith({ lists: { save: saveList }, secrets: { save: saveSecret } });

void setLocale('fr');
beforeEach(() => vi.clearAllMocks());

function openForm(unit: string) {
  const editor = sampleEditor(sampleGraph(unit));
  editor.editing.choose('s1');
  render(EditorHost, { editor, part: 'form' });
  return { editor, fields: () => editor.editing.node('s1')?.fields ?? {} };
}

describe('the form of every unit', () => {
  it.each([...catalogue.steps.keys()])('%s opens, each field under its name', (unit) => {
    openForm(unit);
    const names = Object.keys(catalogue.steps.get(unit)!.fields);
    expect(document.querySelectorAll('[data-form] > div')).toHaveLength(names.length);
    expect(document.body.textContent).not.toContain('catalogue.');
  });

  it.each([...catalogue.triggers.keys()])('%s opens', (unit) => {
    const editor = sampleEditor(sampleGraph());
    editor.editing.addTrigger(catalogue.triggers.get(unit)!);
    render(EditorHost, { editor, part: 'form' });
    expect(document.querySelector('[data-form]')).not.toBeNull();
    expect(document.body.textContent).not.toContain('catalogue.');
  });
});

describe('a form', () => {
  it('edits the draft as one types, and follows it', async () => {
    const { editor, fields } = openForm('email.send');
    const tag = screen.getByRole('textbox', { name: /Étiquette/ });
    await userEvent.type(tag, 'bienvenue');
    expect(fields().tag).toBe('bienvenue');
    editor.editing.undo();
    await tick();
    expect(tag).toHaveValue('');
    await userEvent.click(screen.getByRole('radio', { name: 'Transactionnel' }));
    expect(fields().type).toBe('transactional');
  });

  it('says what is wrong with a field once it has been left', async () => {
    openForm('webhook.call');
    expect(screen.queryByText('À remplir.')).toBeNull();
    await userEvent.click(screen.getByRole('textbox', { name: 'Adresse' }));
    await userEvent.tab();
    expect(screen.getByText('À remplir.')).toBeVisible();
    await userEvent.type(screen.getByRole('textbox', { name: 'Adresse' }), 'https://exemple.fr');
    expect(screen.queryByText('À remplir.')).toBeNull();
  });

  it('chooses a list by name, and makes one that is missing', async () => {
    const { fields } = openForm('contact.add_to_list');
    await userEvent.click(screen.getByRole('button', { name: /^Liste/ }));
    await userEvent.type(await screen.findByRole('combobox'), 'fidel{Enter}');
    await waitFor(() => expect(fields().listId).toBe('l2'));
    await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull());
    await userEvent.click(screen.getByRole('button', { name: /^Liste/ }));
    await userEvent.type(await screen.findByRole('combobox'), 'Clients{Enter}');
    await waitFor(() => expect(fields().listId).toBe('new'));
    expect(saveList).toHaveBeenCalledWith({ name: 'Clients' });
  });

  it('assigns what fits the kind of the attribute', async () => {
    const { fields } = openForm('contact.update_attribute');
    await userEvent.click(screen.getByRole('button', { name: /^Attribut/ }));
    await userEvent.keyboard('points{Enter}');
    expect(fields().assignment).toEqual({ attributeId: 'POINTS', value: { from: 'fixed', value: 0 } });
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Comment' }), 'Augmente de');
    const amount = screen.getByRole('textbox', { name: 'Quantité' });
    await userEvent.clear(amount);
    await userEvent.type(amount, '5');
    expect(fields().assignment).toEqual({ attributeId: 'POINTS', value: { from: 'add', amount: 5 } });
  });

  it('assigns properties of a deal beside its attributes, and never empties what it must have', async () => {
    const { fields } = openForm('deal.update_attribute');
    await userEvent.click(screen.getByRole('button', { name: /^Attribut/ }));
    await userEvent.keyboard('étape{Enter}');
    expect(fields().assignment).toEqual({ attributeId: 'stageId', value: { from: 'fixed', value: '' } });
    const how = screen.getByRole('combobox', { name: 'Comment' });
    expect(
      within(how)
        .getAllByRole('option')
        .map((option) => option.textContent)
    ).not.toContain('Est vidé');
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Valeur' }), 'Ventes · Gagné');
    expect(fields().assignment).toEqual({ attributeId: 'stageId', value: { from: 'fixed', value: 'won' } });
  });

  it('sets a window of days and hours, and none', async () => {
    const { fields } = openForm('rule.delay');
    await userEvent.click(screen.getByRole('switch', { name: /Seulement certains jours/ }));
    await userEvent.click(screen.getByRole('button', { name: 'samedi' }));
    expect(fields().window).toEqual({ days: [1, 2, 3, 4, 5, 6], from: '09:00', to: '18:00' });
    await userEvent.click(screen.getByRole('switch', { name: /Seulement certains jours/ }));
    expect(fields().window).toBeNull();
  });

  it('adds, names, fills and removes branches, and the step has them', async () => {
    const { editor, fields } = openForm('rule.split');
    await userEvent.click(screen.getByRole('button', { name: 'Ajouter une branche' }));
    expect(Object.keys(editor.editing.graph.steps[0]!.next)).toEqual(['a', 'b', 'c', 'default']);
    const [name] = screen.getAllByRole('textbox', { name: 'Nom de la branche' });
    await userEvent.clear(name!);
    await userEvent.type(name!, 'Lyon');
    await userEvent.click(screen.getAllByRole('button', { name: 'Condition' })[0]!);
    await userEvent.click(screen.getByRole('button', { name: 'Descendre Lyon' }));
    const branches = fields().branches as { name: string; filters: unknown }[];
    expect(branches.map((branch) => branch.name)).toEqual(['B', 'Lyon', 'C']);
    expect(branches[1]!.filters).toMatchObject({ op: 'all', of: [{ operator: 'anyOf' }] });
    await userEvent.click(screen.getByRole('button', { name: 'Retirer C' }));
    expect(Object.keys(editor.editing.graph.steps[0]!.next)).toEqual(['b', 'a', 'default']);
  });

  it('hands a secret to the engine and keeps its id alone', async () => {
    const { fields } = openForm('webhook.call');
    await userEvent.type(screen.getByLabelText(/Secret de signature/), 'chut');
    await userEvent.tab();
    expect(saveSecret).toHaveBeenCalledWith('chut');
    expect(fields().signingSecret).toBe('secret-1');
    expect(screen.getByText(/chiffré sur cet appareil/)).toBeVisible();
  });
});
