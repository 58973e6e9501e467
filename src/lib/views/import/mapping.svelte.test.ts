import { render, screen } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { ok } from '$lib/core/result';
import type { Attribute } from '$lib/core/rows/contacts';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import { MappingForm } from './mapping-form.svelte';
import MappingTable from './MappingTable.svelte';
import { rejectedFile } from './rejected-file';

const save = vi.fn();
answerWith({ attributes: { save } });

void setLocale('fr');

const attributes: Attribute[] = [{ id: 'FIRSTNAME', name: 'Prénom', kind: 'text', createdAt: 1 }];
const preview = {
  format: 'values' as const,
  fileName: 'contacts.csv',
  delimiter: ';',
  headers: ['Courriel', 'Prénom', 'Ville', 'Points'],
  rows: [
    ['lea@exemple.fr', 'Léa', 'Paris', '12'],
    ['zoe@exemple.fr', 'Zoé', '', '7']
  ],
  suggested: {}
};
const becomes = (column: string) => screen.getByLabelText(`Ce que devient « ${column} »`);

describe('the mapping of a file', () => {
  it('guesses who it is, what is known, and what files often bring', () => {
    render(MappingTable, { form: new MappingForm(preview, attributes), attributes });
    expect(becomes('Courriel')).toHaveValue('email');
    expect(becomes('Prénom')).toHaveValue('attribute:FIRSTNAME');
    expect(becomes('Ville')).toHaveValue('attribute:CITY');
    expect(becomes('Points')).toHaveValue('');
    expect(screen.getByText('lea@exemple.fr · zoe@exemple.fr')).toBeVisible();
  });

  it('refuses two columns that become the same, and a file that says nobody', async () => {
    const form = new MappingForm(preview, attributes);
    render(MappingTable, { form, attributes });
    await userEvent.selectOptions(becomes('Ville'), 'email');
    expect(becomes('Ville')).toBeInvalid();
    expect(form.isSound).toBe(false);
    await userEvent.selectOptions(becomes('Ville'), '');
    expect(form.isSound).toBe(true);
    await userEvent.selectOptions(becomes('Courriel'), '');
    expect(form.isKnown).toBe(false);
    expect(form.isSound).toBe(false);
  });

  it('makes a new attribute of the kind that the values have', async () => {
    save.mockImplementation(({ id }: { id: string }) => Promise.resolve(ok(id)));
    const form = new MappingForm(preview, attributes);
    render(MappingTable, { form, attributes });
    await userEvent.selectOptions(becomes('Points'), '+');
    expect(screen.getByRole('dialog')).toHaveTextContent('POINTS');
    await userEvent.click(screen.getByRole('button', { name: 'Enregistrer' }));
    expect(save).toHaveBeenCalledWith({ id: 'POINTS', name: 'Points', kind: 'number' });
    expect(form.targets['Points']).toBe('attribute:POINTS');
  });
});

describe('the file of rejected lines', () => {
  it('says the line, the reason and the content, safe for a spreadsheet', () => {
    const file = rejectedFile({
      rejected: [{ line: 12, key: 'words.contact.not_an_email', params: { value: 'x' }, raw: '=cmd();"a"' }]
    });
    expect(file).toContain('\ufeffLigne;Raison;Contenu\r\n12;');
    expect(file).toContain(`"'=cmd();""a"""`);
  });
});
