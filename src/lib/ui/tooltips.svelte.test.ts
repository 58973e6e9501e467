import { render, screen, waitFor, within } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { expect, test } from 'vitest';
import Dialog from './Dialog.svelte';
import IconButton from './IconButton.svelte';
// Loaded with the first that shows: here beforehand, since that takes a busy computer its time.
import './TooltipBubble.svelte';
import TooltipHost from './TooltipHost.svelte';

const shown = () => document.querySelector('[data-tooltip-content]');

function buttons() {
  render(TooltipHost);
  render(IconButton, { label: 'Réduire', icon: 'panel-left-close', keys: '⌘B' });
  render(IconButton, { label: 'Fermer', icon: 'x' });
}

test('a button without text shows its name and its keys to the keyboard, and Escape takes them away', async () => {
  buttons();
  await userEvent.tab();
  expect(screen.getByRole('button', { name: 'Réduire' })).toHaveFocus();
  await waitFor(() => expect(shown()).toHaveTextContent(/^Réduire\s*⌘B$/));
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(shown()).toBeNull());
});

test('what it is in closes by one Escape, whether it shows or not', async () => {
  render(TooltipHost);
  render(Dialog, { open: true, title: 'Essai', children: createRawSnippet(() => ({ render: () => '<p>Texte</p>' })) });
  await userEvent.hover(within(await screen.findByRole('dialog')).getByRole('button'));
  await waitFor(() => expect(shown()).not.toBeNull());
  await userEvent.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('to a pointer that rests on it, until it presses or goes', async () => {
  buttons();
  const button = screen.getByRole('button', { name: 'Réduire' });
  await userEvent.hover(button);
  await waitFor(() => expect(shown()).toHaveTextContent('Réduire'));
  await userEvent.click(button);
  await waitFor(() => expect(shown()).toBeNull());
  await userEvent.unhover(button);
  await userEvent.hover(screen.getByRole('button', { name: 'Fermer' }));
  await waitFor(() => expect(shown()).toHaveTextContent('Fermer'));
  await userEvent.unhover(screen.getByRole('button', { name: 'Fermer' }));
  await waitFor(() => expect(shown()).toBeNull());
});

test('it goes with its button', async () => {
  render(TooltipHost);
  const { unmount } = render(IconButton, { label: 'Fermer', icon: 'x' });
  await userEvent.hover(screen.getByRole('button', { name: 'Fermer' }));
  await waitFor(() => expect(shown()).not.toBeNull());
  unmount();
  await waitFor(() => expect(shown()).toBeNull());
});
