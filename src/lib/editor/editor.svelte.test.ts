import { render, screen, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { tick } from 'svelte';
import { describe, expect, it, vi } from 'vitest';
import type { GoingAhead } from '$lib/engine/after-delay';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../tests/components/engine';
import { keepCopied } from './copied.svelte';
import EditorHost from './testing/EditorHost.svelte';
import { sampleEditor, sampleGraph } from './testing/editors';

const goingAhead = vi.fn(() => Promise.resolve<GoingAhead[]>([]));
answerWith({ automations: { goingAhead } });
void setLocale('fr');

// jsdom draws nothing: what Svelte Flow asks of a browser, answered.
Object.assign(globalThis, {
  DOMMatrixReadOnly: class {
    m22 = 1;
  }
});

const card = (id: string) => document.querySelector<HTMLElement>(`[data-card="${id}"]`);

describe.each(['wide', 'narrow'] as const)('the %s editor', (part) => {
  it('shows triggers, steps, branches, counts and what is wrong', () => {
    const counts = { waiting: { s1: 12 }, left: { 's2 sent': 1284, 's3 yes': 783 } };
    const editor = sampleEditor(sampleGraph('rule.delay', 'email.send', 'rule.wait_for_event', 'rule.delay'), counts);
    render(EditorHost, { editor, part });
    expect(within(card('t')!).getByText(/Listes · À remplir\./)).toBeInTheDocument();
    expect(card('s1')).toHaveTextContent('Délai');
    expect(card('s1')).toHaveTextContent('1 jour');
    expect(card('s1')).toHaveTextContent('12 attendent');
    expect(card('s2')).toHaveTextContent(/1\s284 envoyés/);
    expect(card('s3')).toHaveTextContent('Email ouvert, 3 jours au plus');
  });
});

describe('the narrow editor', () => {
  it('shows branches with their counts, and none that nothing takes', () => {
    const counts = { waiting: {}, left: { 's2 yes': 783 } };
    const editor = sampleEditor(sampleGraph('email.send', 'rule.wait_for_event', 'rule.delay'), counts);
    render(EditorHost, { editor, part: 'narrow' });
    expect(document.querySelector('[data-place="s2/yes"]')).not.toBeNull();
    expect(document.querySelector('[data-place="s2/no"]')).not.toBeNull();
    expect(document.querySelector('[data-place="s1/failed"]')).toBeNull();
    expect(screen.getByRole('region', { name: 'Oui' })).toHaveTextContent('783');
  });

  it('puts what is picked into the place of its plus', async () => {
    const editor = sampleEditor(sampleGraph('rule.delay', 'rule.delay'));
    render(EditorHost, { editor, part: 'narrow' });
    await userEvent.click(document.querySelector('[data-place="s1/next"]')!);
    const palette = await screen.findByRole('dialog', { name: 'Ajouter une étape' });
    await userEvent.type(within(palette).getByRole('searchbox'), 'evenement{Enter}');
    const [added] = editor.editing.graph.steps.filter(({ unit }) => unit === 'rule.wait_for_event');
    expect(editor.editing.graph.steps.find(({ id }) => id === 's1')?.next.next).toBe(added!.id);
    expect(added!.next.yes).toBe('s2');
  });
});

describe('the keyboard', () => {
  async function start(...units: string[]) {
    const editor = sampleEditor(sampleGraph(...units));
    render(EditorHost, { editor, part: 'wide' });
    await tick();
    return editor;
  }

  it('follows the path, takes out, takes back, doubles', async () => {
    const editor = await start('rule.delay', 'email.send');
    await userEvent.keyboard('{ArrowDown}');
    expect(editor.editing.chosenId).toBe('t');
    expect(card('t')).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    expect(card('s2')).toHaveFocus();
    await userEvent.keyboard('{ArrowUp}{Delete}');
    expect(editor.editing.graph.steps.map(({ id }) => id)).toEqual(['s2']);
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(editor.editing.graph.steps.map(({ id }) => id)).toEqual(['s1', 's2']);
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    expect(editor.editing.graph.steps).toHaveLength(1);
    editor.editing.choose('s2');
    await userEvent.keyboard('{Control>}d{/Control}');
    expect(editor.editing.graph.steps).toHaveLength(2);
  });

  it('copies and pastes by the clipboard of the system', async () => {
    const editor = await start('rule.delay');
    editor.editing.choose('s1');
    let copied = '';
    const event = (type: string) =>
      Object.assign(new Event(type, { bubbles: true, cancelable: true }), {
        clipboardData: { setData: (_: string, text: string) => (copied = text), getData: () => copied }
      });
    window.dispatchEvent(event('copy'));
    expect(JSON.parse(copied)).toMatchObject({ format: 'ricochet-steps', steps: [{ unit: 'rule.delay' }] });
    window.dispatchEvent(event('paste'));
    expect(editor.editing.graph.steps).toHaveLength(2);
    expect(editor.editing.graph.steps[0]?.next.next).toBe(editor.editing.chosenId);
    window.dispatchEvent(event('cut'));
    expect(editor.editing.graph.steps.map(({ id }) => id)).toEqual(['s1']);
    expect(JSON.parse(copied)).toMatchObject({ steps: [{ unit: 'rule.delay' }] });
  });

  it('adds after the chosen step, and shows its keys', async () => {
    const editor = await start('rule.delay');
    editor.editing.choose('s1');
    await userEvent.keyboard('a');
    const palette = await screen.findByRole('dialog', { name: 'Ajouter une étape' });
    await userEvent.type(within(palette).getByRole('searchbox'), 'webhook{Enter}');
    expect(editor.editing.graph.steps.at(-1)?.unit).toBe('webhook.call');
    await userEvent.keyboard('{Escape}');
    (document.activeElement as HTMLElement | null)?.blur();
    await userEvent.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Raccourcis clavier' })).toBeVisible();
  });

  it('leaves a field alone', async () => {
    const editor = await start('email.send');
    editor.editing.choose('s1');
    await tick();
    await userEvent.type(await screen.findByRole('textbox', { name: /Étiquette/ }), 'a?t{Backspace}');
    expect(editor.editing.node('s1')?.fields.tag).toBe('a?');
    expect(editor.picking).toBeNull();
    expect(editor.editing.graph.steps).toHaveLength(1);
  });
});

describe.each(['wide', 'narrow'] as const)('moving in the %s editor', (part) => {
  /** s1 → s2 (yes → s3, no → end) */
  async function start() {
    const editor = sampleEditor(sampleGraph('rule.delay', 'rule.wait_for_event', 'email.send'));
    render(EditorHost, { editor, part });
    await tick();
    const next = (id: string) => editor.editing.graph.steps.find((step) => step.id === id)?.next;
    return { editor, next };
  }
  const place = (key: string) => document.querySelector<HTMLButtonElement>(`[data-place="${key}"]`)!;

  it('puts a step, by the keys alone, where one goes to; what follows closes up', async () => {
    const { editor, next } = await start();
    editor.editing.choose('s1');
    await userEvent.keyboard('m');
    expect(screen.getByText('Où placer « Délai » ?')).toBeInTheDocument();
    await vi.waitFor(() => expect(place('s2/yes')).toHaveFocus());
    expect(place('s2/yes')).toHaveAccessibleName('Placer après Attendre qu’un événement se produise, Oui');
    expect(place('s1/next')).toBeDisabled();
    await userEvent.keyboard('{ArrowDown}');
    await vi.waitFor(() => expect(place('s3/sent')).toHaveFocus());
    await userEvent.keyboard('{ArrowDown}');
    await vi.waitFor(() => expect(place('s2/no')).toHaveFocus());
    await userEvent.keyboard('{Enter}');
    expect(editor.editing.graph.entry).toBe('s2');
    expect(next('s2')).toEqual({ yes: 's3', no: 's1' });
    expect(screen.queryByText('Où placer « Délai » ?')).toBeNull();
    await vi.waitFor(() => expect(card('s1')).toHaveFocus());
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(editor.editing.graph.entry).toBe('s1');
  });

  it('puts a whole branch before what was in the place, and can be called off', async () => {
    const { editor, next } = await start();
    editor.editing.choose('s2');
    await userEvent.keyboard('{Shift>}M{/Shift}');
    expect(screen.getByText('Où placer « Attendre qu’un événement se produise » et la suite ?')).toBeInTheDocument();
    for (const key of ['s1/next', 's2/yes', 's2/no', 's3/sent']) expect(place(key)).toBeDisabled();
    await userEvent.keyboard('{Escape}');
    expect(editor.moving).toBeNull();
    await vi.waitFor(() => expect(card('s2')).toHaveFocus());

    await userEvent.keyboard('{Shift>}M{/Shift}');
    await userEvent.click(place('entry'));
    expect(editor.editing.graph.entry).toBe('s2');
    expect(next('s3')).toMatchObject({ sent: 's1' });
    expect(next('s1')).toEqual({ next: null });
  });

  it('is about the card that has the focus, whatever was chosen before', async () => {
    const { editor } = await start();
    editor.editing.choose('s1');
    await tick();
    card('s3')!.focus();
    await userEvent.keyboard('{Enter}');
    expect(editor.editing.chosenId).toBe('s3');
    expect(editor.isFormOpen).toBe(true);
  });

  it('is in the menu of the step, which says what comes along', async () => {
    const { editor, next } = await start();
    editor.open('s3');
    await userEvent.click(await screen.findByRole('button', { name: 'Plus d’actions' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: /^Déplacer avec la suite/ }));
    await vi.waitFor(() => expect(editor.moving).toMatchObject({ id: 's3', rest: 'branch' }));
    // The sheet locks the page until it has gone.
    await vi.waitFor(() => userEvent.click(place('s2/no')));
    expect(next('s2')).toEqual({ yes: null, no: 's3' });
  });

  it('a plus pastes what was copied, also into an automation that is empty', async () => {
    const { editor, next } = await start();
    keepCopied(editor.editing.copy('s1')!);
    await userEvent.click(place('s2/no'));
    await userEvent.click(await screen.findByRole('button', { name: /^Coller «\sDélai\s»$/ }));
    const [pasted] = editor.editing.graph.steps.filter(({ unit, id }) => unit === 'rule.delay' && id !== 's1');
    expect(next('s2')).toEqual({ yes: 's3', no: pasted!.id });
  });
});

describe('notes in the narrow editor', () => {
  it('are written, changed and taken away below the list', async () => {
    const editor = sampleEditor(sampleGraph('rule.delay'));
    render(EditorHost, { editor, part: 'narrow' });
    await userEvent.click(screen.getByRole('button', { name: 'Ajouter une note' }));
    const note = await screen.findByRole('textbox', { name: 'Note' });
    await vi.waitFor(() => expect(note).toHaveFocus());
    await userEvent.type(note, 'Relire en mai');
    expect(editor.editing.graph.notes).toMatchObject([{ text: 'Relire en mai' }]);
    await userEvent.click(screen.getByRole('button', { name: 'Supprimer la note' }));
    expect(editor.editing.graph.notes).toEqual([]);
  });
});

describe('handing messages over ahead', () => {
  const going = (goes: boolean): GoingAhead => ({
    stepId: 's2',
    goes,
    says: { key: goes ? 'words.ahead.goes' : 'words.ahead.cannot', params: { account: 'Ma Poste' } }
  });
  const start = () => {
    const editor = sampleEditor(sampleGraph('rule.delay', 'email.send'));
    render(EditorHost, { editor, part: 'wide' });
    return editor;
  };
  const offer = () => screen.getByRole('switch', { name: /Remettre les messages d’avance/ });

  it('is offered where an account holds a message of this automation, and says which', async () => {
    goingAhead.mockResolvedValue([going(true)]);
    const editor = start();
    const messages = await screen.findByRole('list', { name: 'Messages juste après un délai' });
    expect(messages).toHaveTextContent('Remis à Ma Poste dès que le délai commence.');
    await userEvent.click(offer());
    expect(editor.editing.settings.ahead).toBe(true);
  });

  it('is not offered where none does, with the reason; what is on can be turned off', async () => {
    goingAhead.mockResolvedValue([going(false)]);
    const editor = start();
    expect(await screen.findByText(/Ma Poste ne sait pas garder un message/)).toBeInTheDocument();
    expect(screen.getByText(/^Pas dans cette automatisation/)).toBeInTheDocument();
    expect(offer()).toBeDisabled();
    editor.editing.setSettings({ ahead: true });
    await tick();
    await userEvent.click(offer());
    expect(editor.editing.settings.ahead).toBe(false);
  });

  it('is asked anew as the draft changes', async () => {
    goingAhead.mockResolvedValue([going(false)]);
    const editor = start();
    await screen.findByText(/^Pas dans cette automatisation/);
    goingAhead.mockResolvedValue([going(true)]);
    editor.editing.setFields('s1', { duration: { amount: 2, unit: 'hours' } });
    expect(await screen.findByText(/Remis à Ma Poste/)).toBeInTheDocument();
    expect(offer()).toBeEnabled();
  });
});
