import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import type { Result } from '$lib/core/result';
import type { EarningRule, Program } from '$lib/core/rows/loyalty';
import { newBalance, newTier } from './new-program';

/** A programme while it is set up: what is changed is kept with `save`. */
export class ProgramDraft {
  program = $state() as Program;
  #saved = $state('');

  constructor(program: Program) {
    this.program = structuredClone(program);
    this.#saved = JSON.stringify(program);
  }

  get isChanged(): boolean {
    return JSON.stringify(this.program) !== this.#saved;
  }

  addBalance(): void {
    this.program.balances.push(newBalance(''));
  }

  removeBalance(id: Id): void {
    this.program.balances = this.program.balances.filter((balance) => balance.id !== id);
    if (this.program.tierBalanceId === id) this.program.tierBalanceId = this.program.balances[0]?.id ?? null;
  }

  addTier(): void {
    const last = this.program.tiers.at(-1)?.threshold ?? 0;
    this.program.tierBalanceId ??= this.program.balances[0]?.id ?? null;
    this.program.tiers.push(newTier(last + 100));
  }

  removeTier(id: Id): void {
    this.program.tiers = this.program.tiers.filter((tier) => tier.id !== id);
  }

  /** A rule that is new, or another one in the place of the one with its id. */
  putRule(rule: EarningRule): void {
    const { rules } = this.program;
    this.program.rules = rules.some(({ id }) => id === rule.id)
      ? rules.map((other) => (other.id === rule.id ? rule : other))
      : [...rules, rule];
  }

  removeRule(id: Id): void {
    this.program.rules = this.program.rules.filter((rule) => rule.id !== id);
  }

  async save(): Promise<Result<Id>> {
    // Tiers are reached from below: they stand in the order of their thresholds.
    this.program.tiers.sort((one, other) => one.threshold - other.threshold);
    const program = $state.snapshot(this.program);
    const saved = await engine().programs.save(program);
    if (saved.ok) this.#saved = JSON.stringify(program);
    return saved;
  }
}
