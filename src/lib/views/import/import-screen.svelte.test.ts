import { render, screen, waitFor } from '@testing-library/svelte';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { workspaceDatabase } from '$lib/app/database';
import { failed, ok, type Result } from '$lib/core/result';
import { words } from '$lib/core/words';
import { setLocale } from '$lib/i18n';
import { answerWith } from '../../../../tests/components/engine';
import ImportScreen from './ImportScreen.svelte';

const lists = { save: vi.fn() };
const imports = { preview: vi.fn(), run: vi.fn() };
answerWith({ lists, imports, attributes: { save: vi.fn() } });

void setLocale('fr');

beforeEach(() => {
  lists.save.mockReset();
  imports.run.mockReset().mockResolvedValue(ok(undefined));
  imports.preview.mockResolvedValue(
    ok({ format: 'values', delimiter: ';', headers: ['Email', 'Ville'], rows: [['lea@exemple.fr', 'Lyon']] })
  );
});

async function chooseFile(): Promise<ReturnType<typeof userEvent.setup>> {
  const user = userEvent.setup();
  const { container } = render(ImportScreen);
  const text = 'Email;Ville\nlea@exemple.fr;Lyon\n';
  // jsdom's files have no `stream`.
  const file = Object.assign(new File([text], 'lecteurs.csv'), { stream: () => new Response(text).body });
  await user.upload(container.querySelector<HTMLInputElement>('input[type=file]') as HTMLInputElement, file);
  await screen.findByRole('button', { name: 'Importer' });
  return user;
}

/** A new list for the file, which is there when `made` is called. */
async function chooseNewList(user: ReturnType<typeof userEvent.setup>): Promise<(answer: Result<string>) => void> {
  let made: (answer: Result<string>) => void = () => undefined;
  lists.save.mockReturnValue(new Promise<Result<string>>((resolve) => (made = resolve)));
  await user.click(screen.getByRole('button', { name: /^Ajouter à la liste/ }));
  await user.keyboard('Lecteurs');
  await user.click(await screen.findByRole('option', { name: /Lecteurs/ }));
  return (answer) => made(answer);
}

it('imports into the list that is still being made when the import is started', async () => {
  const user = await chooseFile();
  const made = await chooseNewList(user);
  await user.click(screen.getByRole('button', { name: 'Importer' }));
  expect(imports.run).not.toHaveBeenCalled();
  made(ok('l1'));
  await waitFor(() => expect(imports.run).toHaveBeenCalledOnce());
  expect(imports.run.mock.calls[0]?.[1]).toMatchObject({ listId: 'l1' });
});

it('imports nothing where that list cannot be made, and can be started again', async () => {
  const user = await chooseFile();
  const made = await chooseNewList(user);
  await user.click(screen.getByRole('button', { name: 'Importer' }));
  made(failed(words('words.name.taken', { name: 'Lecteurs' })));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Importer' })).toBeEnabled());
  expect(imports.run).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: 'Importer' }));
  await waitFor(() => expect(imports.run).toHaveBeenCalledOnce());
});

it('recognises columns by the attributes there are', async () => {
  const database = await workspaceDatabase();
  await database.attributes.put({ id: 'a1', name: 'Ville', kind: 'text', createdAt: 1 });
  await chooseFile();
  expect(screen.getByRole('combobox', { name: /Ville/ })).toHaveDisplayValue('Ville');
});
