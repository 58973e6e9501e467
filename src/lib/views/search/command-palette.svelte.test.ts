import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { setLocale } from '$lib/i18n';
import CommandPalette from './CommandPalette.svelte';

void setLocale('fr');

const contact = (id: string, firstName: string) => ({
  id,
  email: `${firstName.toLowerCase()}.lefèvre@exemple.fr`,
  attributes: { FIRSTNAME: firstName },
  listIds: [],
  listedAt: {},
  createdAt: 1,
  updatedAt: 1
});

beforeEach(async () => {
  const { contacts } = await workspaceDatabase();
  await contacts.clear();
  await contacts.put(contact('a', 'Zoé'));
});

describe('the search while it is open', () => {
  it('no longer finds a contact who is deleted meanwhile, and finds one who is added', async () => {
    const { contacts } = await workspaceDatabase();
    render(CommandPalette, { open: true, screens: [] });
    await userEvent.type(await screen.findByRole('combobox', { name: 'Chercher ou faire' }), 'lefevre');
    expect(await screen.findByRole('option', { name: /Zoé/ })).toBeVisible();

    await contacts.update('a', { hiddenAt: 2 });
    expect(await screen.findByText('Rien ne correspond à « lefevre ».')).toBeVisible();
    expect(screen.queryByRole('option')).not.toBeInTheDocument();

    await contacts.put(contact('b', 'Ana'));
    expect(await screen.findByRole('option', { name: /Ana/ })).toBeVisible();
    await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('1 résultat'));
  });
});
