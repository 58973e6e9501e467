import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { catalogue } from '$lib/catalogue/registry';
import { defaultSettings } from '$lib/core/graph';
import type { SimulationRequest } from '$lib/core/simulation';
import { setLocale } from '$lib/i18n';
import { sampleGraph } from '../testing/editors';
import { SimulatorState } from './simulator-state.svelte';
import SetupHost from './testing/SetupHost.svelte';

void setLocale('fr');
let automations = 0;

function setUp() {
  let ids = 0;
  const run = vi.fn((_request: SimulationRequest) =>
    Promise.resolve({ ok: false as const, reason: { key: 'words.simulator.nobody' } })
  );
  const simulator = new SimulatorState({
    automationId: `a${++automations}`,
    catalogue,
    draft: { graph: sampleGraph('email.send', 'rule.wait_for_event'), settings: defaultSettings() },
    now: () => 1_000,
    newId: () => `l${++ids}`,
    run,
    backtest: () => Promise.resolve({ ok: false, reason: { key: 'words.simulator.no_past' } })
  });
  render(SetupHost, { simulator });
  return { simulator, run, user: userEvent.setup() };
}

describe('what is simulated', () => {
  test('begins with a script that answers the messages, which can be changed, added to and emptied', async () => {
    const { simulator, user } = setUp();
    const line = screen.getByRole('button', { name: /^40\s%.*Email ouvert/ });
    await user.click(line);
    const share = screen.getByRole('textbox', { name: 'Part des contacts' });
    await user.clear(share);
    await user.type(share, '75{Tab}');
    expect(simulator.form.script[0]?.who).toEqual({ of: 'share', percent: 75 });
    await user.click(screen.getByRole('button', { name: 'Ajouter une action' }));
    expect(simulator.form.script).toHaveLength(2);
    await user.selectOptions(screen.getByRole('combobox', { name: 'Ce qui se passe' }), 'email.unsubscribed');
    expect(simulator.form.script[1]?.does.type).toBe('email.unsubscribed');
    for (const button of screen.getAllByRole('button', { name: /^Retirer/ })) await user.click(button);
    expect(simulator.form.script).toEqual([]);
    expect(screen.getByText(/Personne ne fait rien/)).toBeTruthy();
  });

  test('lets events of one’s own say what they want', async () => {
    const { simulator, user } = setUp();
    await user.click(screen.getByRole('button', { name: 'Ajouter une action' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Ce qui se passe' }), 'custom.event');
    const script = within(screen.getByRole('region', { name: 'Ce qu’ils font' }));
    await user.click(script.getByText('Détails de l’événement'));
    await user.type(script.getByRole('textbox', { name: /^Nom/ }), 'achat');
    await user.click(script.getByRole('button', { name: /propriété/i }));
    await user.type(script.getByRole('textbox', { name: /^Propriété/ }), 'total');
    await user.type(script.getByRole('textbox', { name: /^Valeur/ }), '39,90');
    expect(simulator.form.script.at(-1)?.does).toEqual({
      type: 'custom.event',
      properties: { name: 'achat', total: 39.9 }
    });
  });

  test('asks for as many as are wanted, and for the seed that is given', async () => {
    const { simulator, run, user } = setUp();
    const people = within(screen.getByRole('region', { name: 'Avec qui' }));
    await user.selectOptions(people.getByRole('combobox', { name: 'Contacts' }), 'everybody');
    await user.clear(people.getByRole('textbox', { name: 'Au plus' }));
    await user.type(people.getByRole('textbox', { name: 'Au plus' }), '12{Tab}');
    await user.selectOptions(people.getByRole('combobox', { name: 'Ils entrent par' }), 'itself');
    await user.clear(screen.getByRole('textbox', { name: 'Tirage' }));
    await user.type(screen.getByRole('textbox', { name: 'Tirage' }), '7{Tab}');
    await simulator.run();
    expect(run.mock.calls[0]?.[0]).toMatchObject({
      people: { of: 'everybody', count: 12 },
      entry: { by: 'itself' },
      seed: 7,
      start: 1_000,
      days: 90
    });
    expect(simulator.failure).toEqual({ key: 'words.simulator.nobody' });
  });
});
