import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import type { Brand } from '$lib/core/rows/emails';
import { failed, ok } from '$lib/core/result';
import type { Template } from '$lib/core/rows/messages';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import BrandSettings from './BrandSettings.svelte';

type Saved = [{ brand: Brand }, { id: string; updatedAt: number; html: string }[]];
const save = vi.fn();
answerWith({
  settings: { save },
  templates: { preview: () => Promise.resolve({ ok: true, value: {} }) }
});

void setLocale('fr');

const template = (id: string, source: Template['source']): Template => ({
  ...{ id, name: id, channel: 'email', subject: 'Objet', preheader: '', source, html: '<p>avant</p>' },
  ...{ createdAt: 1, updatedAt: 7 }
});

beforeEach(async () => {
  save.mockReset().mockResolvedValue(ok(undefined));
  const database = await workspaceDatabase();
  await database.templates.bulkPut([
    template('html', { editor: 'html' }),
    template('blocks', { editor: 'blocks', blocks: [{ id: '1', type: 'button', text: 'Lire', url: 'https://a.fr' }] })
  ]);
});

describe('the brand', () => {
  it('is saved with every email of blocks compiled under it', async () => {
    render(BrandSettings);
    const accent = await screen.findByRole('textbox', { name: 'Boutons et liens' });
    expect(screen.getByRole('button', { name: 'Enregistrer' })).toBeDisabled();
    await fireEvent.input(accent, { target: { value: '#1F6F8B' } });
    await userEvent.type(screen.getByRole('textbox', { name: 'Nom' }), 'Atelier Léa');
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(save).toHaveBeenCalledOnce());
    const [{ brand }, compiled] = save.mock.calls[0] as Saved;
    expect(brand).toMatchObject({ accent: '#1f6f8b', name: 'Atelier Léa' });
    expect(compiled.map(({ id, updatedAt }) => [id, updatedAt])).toEqual([['blocks', 7]]);
    expect(compiled[0]?.html).toContain('#1f6f8b');
    expect(compiled[0]?.html).toContain('Atelier Léa');
  });

  it('is compiled once more where a template was saved meanwhile', async () => {
    save.mockResolvedValueOnce(failed(words('words.settings.templates_changed')));
    render(BrandSettings);
    await userEvent.click(await screen.findByRole('button', { name: 'Forêt' }));
    expect(screen.getByRole('button', { name: 'Forêt' })).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(save).toHaveBeenCalledTimes(2));
  });

  it('says what cannot be read, and mends it', async () => {
    render(BrandSettings);
    const text = await screen.findByRole('textbox', { name: 'Texte' });
    await fireEvent.input(text, { target: { value: '#c0c0c0' } });
    expect(screen.getByText(/Le texte se détache trop peu/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Choisir une teinte lisible' }));
    expect(screen.queryByText(/Le texte se détache trop peu/)).toBeNull();
    expect(text).not.toHaveValue('#c0c0c0');
    await userEvent.type(screen.getByRole('textbox', { name: /Adresse du logo/ }), 'http://a.fr/logo.png');
    expect(screen.getByRole('textbox', { name: /Adresse du logo/ })).toBeInvalid();
  });
});
