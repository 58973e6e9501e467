import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { setLocale } from '$lib/i18n';
import Button from './Button.svelte';
import CommandDialog from './CommandDialog.svelte';
import ConfirmDialog from './ConfirmDialog.svelte';
import Dialog from './Dialog.svelte';
import IconButton from './IconButton.svelte';
import ProgressBar from './ProgressBar.svelte';
import ToastHost from './ToastHost.svelte';
import { holdToasts, releaseToasts, toast, toasts } from './toasts.svelte';

void setLocale('fr');

const words = (text: string) => createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));

describe('a button', () => {
  it('does not run twice while it is busy', async () => {
    const onclick = vi.fn();
    const { rerender } = render(Button, { children: words('Publier'), onclick });
    await userEvent.click(screen.getByRole('button', { name: 'Publier' }));
    await rerender({ children: words('Publier'), onclick, loading: true });
    await userEvent.click(screen.getByRole('button'));
    expect(onclick).toHaveBeenCalledOnce();
    expect(screen.getByRole('button')).toHaveAttribute('aria-busy', 'true');
  });

  it('is a link when it leads somewhere', () => {
    render(Button, { children: words('Voir'), href: '/contacts' });
    expect(screen.getByRole('link', { name: 'Voir' })).toHaveAttribute('href', '/contacts');
  });

  it('has a name even when it shows only an icon', () => {
    render(IconButton, { label: 'Défaire', icon: 'undo-2', pressed: true });
    expect(screen.getByRole('button', { name: 'Défaire', pressed: true })).toBeVisible();
  });
});

describe('a dialog', () => {
  it('is named by its title, closes with Escape and says so', async () => {
    const onclose = vi.fn();
    render(Dialog, { open: true, title: 'Nouvelle liste', lead: 'Un nom court', onclose });
    const dialog = await screen.findByRole('dialog', { name: 'Nouvelle liste' });
    expect(dialog).toHaveAccessibleDescription('Un nom court');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(onclose).toHaveBeenCalledOnce();
  });

  it('that asks for confirmation waits for the work, then closes', async () => {
    let finish = () => {};
    const onconfirm = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    const question = { open: true, title: 'Supprimer', text: 'Tout', confirm: 'Supprimer 12', onconfirm };
    const { rerender } = render(ConfirmDialog, question);
    await userEvent.click(await screen.findByRole('button', { name: 'Supprimer 12' }));
    expect(screen.getByRole('alertdialog')).toBeVisible();
    // By now there may be nothing left of what was asked about.
    await rerender({ text: 'Rien' });
    expect(screen.getByRole('alertdialog')).toHaveAccessibleDescription('Tout');
    finish();
    await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
    expect(onconfirm).toHaveBeenCalledOnce();
  });
});

describe('the command palette', () => {
  const item = (id: string) => ({ id, label: id, icon: 'users' as const });
  const results = (...ids: string[]) => [{ id: 'contacts', label: 'Contacts', items: ids.map(item) }];
  const words = { open: true, label: 'Chercher', placeholder: '', nothing: '', summary: '' };

  it('acts on the first result once it comes where Enter was pressed before', async () => {
    const onchoose = vi.fn();
    const { rerender } = render(CommandDialog, { ...words, groups: results('ancien'), isSettled: false, onchoose });
    await userEvent.type(await screen.findByRole('combobox', { name: 'Chercher' }), 'camille{Enter}');
    expect(onchoose).not.toHaveBeenCalled();
    await rerender({ groups: results('Camille', 'Camillo'), isSettled: true });
    expect(onchoose.mock.calls).toEqual([[item('Camille')]]);
  });

  it('marks the first result, also one that comes later, until one has gone to another', async () => {
    const onchoose = vi.fn();
    const late = { id: 'first', label: 'Contacts', items: [{ id: 'c1', label: 'Ambre', icon: 'user' as const }] };
    const { rerender } = render(CommandDialog, { ...words, groups: results('aide'), isSettled: true, onchoose });
    await waitFor(() => expect(screen.getByRole('option', { name: 'aide' })).toHaveAttribute('aria-selected', 'true'));
    await rerender({ groups: [late, ...results('aide')] });
    await waitFor(() => expect(screen.getByRole('option', { name: 'Ambre' })).toHaveAttribute('aria-selected', 'true'));
    await userEvent.type(screen.getByRole('combobox', { name: 'Chercher' }), '{ArrowDown}');
    await rerender({
      groups: [{ ...late, items: [{ id: 'c0', label: 'Ada', icon: 'user' }, ...late.items] }, ...results('aide')]
    });
    await waitFor(() => expect(screen.getByRole('option', { name: 'Ada' })).toBeVisible());
    expect(screen.getByRole('option', { name: 'aide' })).toHaveAttribute('aria-selected', 'true');
  });

  it('no longer acts when one has gone on typing', async () => {
    const onchoose = vi.fn();
    const { rerender } = render(CommandDialog, { ...words, groups: [], isSettled: false, onchoose });
    await userEvent.type(await screen.findByRole('combobox', { name: 'Chercher' }), 'cam{Enter}ille');
    await rerender({ groups: results('Camille'), isSettled: true });
    expect(onchoose).not.toHaveBeenCalled();
  });
});

describe('a progress bar', () => {
  it('says what goes on and each quarter of it, not each step', async () => {
    const { rerender } = render(ProgressBar, { label: 'Lecture', value: 0.02 });
    expect(screen.getByRole('status')).toHaveTextContent(/^$/);
    await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent(/^Lecture 0 %$/));
    await rerender({ label: 'Lecture', value: 0.2 });
    expect(screen.getByRole('status')).toHaveTextContent(/^Lecture 0 %$/);
    await rerender({ label: 'Lecture', value: 0.6 });
    expect(screen.getByRole('status')).toHaveTextContent(/^Lecture 50 %$/);
    expect(screen.getByRole('progressbar', { name: 'Lecture' })).toHaveAttribute('aria-valuenow', '60');
  });

  it('that measures a thing is a meter, of which nothing is said', () => {
    render(ProgressBar, { label: 'Place utilisée', value: 0.5, meter: true });
    expect(screen.getByRole('meter', { name: 'Place utilisée' })).toHaveAttribute('aria-valuenow', '50');
    expect(screen.queryByRole('status')).not.toBeInTheDocument();
  });
});

describe('toasts', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('offer to undo, and leave once that is done', async () => {
    const run = vi.fn();
    render(ToastHost);
    toast({ text: 'Contact supprimé', action: { label: 'Annuler', run } });
    await userEvent.click(await screen.findByRole('button', { name: 'Annuler' }));
    expect(run).toHaveBeenCalledOnce();
    expect(screen.queryByText('Contact supprimé')).not.toBeInTheDocument();
  });

  it('leave by themselves, but not under a reader and not when the news is bad', () => {
    vi.useFakeTimers();
    toast({ text: 'Enregistré' });
    toast({ text: 'Échec', tone: 'bad' });
    vi.advanceTimersByTime(4_000);
    holdToasts();
    vi.advanceTimersByTime(60_000);
    expect(toasts()).toHaveLength(2);
    releaseToasts();
    vi.advanceTimersByTime(1_600);
    expect(toasts().map(({ text }) => text)).toEqual(['Échec']);
  });

  it('held by the pointer and by the focus have as long left as they had at first', () => {
    vi.useFakeTimers();
    toast({ text: 'Contact supprimé', action: { label: 'Annuler', run: () => undefined } });
    vi.advanceTimersByTime(4_000);
    holdToasts();
    vi.advanceTimersByTime(30_000);
    holdToasts();
    releaseToasts();
    vi.advanceTimersByTime(5_900);
    expect(toasts()).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(toasts()).toEqual([]);
  });

  it('are three at most', () => {
    for (const text of ['1', '2', '3', '4']) toast({ text });
    expect(toasts().map(({ text }) => text)).toEqual(['2', '3', '4']);
  });
});
