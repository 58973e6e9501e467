import { engine } from '$lib/app/engine';
import type { Id } from '$lib/core/ids';
import type { Result } from '$lib/core/result';
import type { Form, FormField } from '$lib/core/rows/forms';
import { newConfirmation, newField } from './new-form';

/** A form while it is built: what is changed is kept with `save`. */
export class FormDraft {
  form = $state() as Form;
  #saved = $state('');

  constructor(form: Form) {
    this.form = structuredClone(form);
    this.#saved = JSON.stringify(form);
  }

  get isChanged(): boolean {
    return JSON.stringify(this.form) !== this.#saved;
  }

  add(asks: FormField['asks']): void {
    this.form.fields.push(newField(asks, asks.for === 'email'));
  }

  remove(id: Id): void {
    this.form.fields = this.form.fields.filter((field) => field.id !== id);
  }

  /** The field goes to this place; the others make room. */
  move(id: Id, to: number): void {
    const field = this.form.fields.find((one) => one.id === id);
    if (!field || to < 0 || to >= this.form.fields.length) return;
    const others = this.form.fields.filter((one) => one.id !== id);
    this.form.fields = [...others.slice(0, to), field, ...others.slice(to)];
  }

  /** With the first who may send, and in the words of the app until others are typed. */
  confirm(isOn: boolean, senderId: Id): void {
    this.form.confirmation = isOn ? newConfirmation(senderId) : undefined;
    const email = this.form.fields.find(({ asks }) => asks.for === 'email');
    if (isOn && email) email.required = true;
  }

  async save(): Promise<Result<Id>> {
    const form = $state.snapshot(this.form);
    const saved = await engine().forms.save(form);
    if (saved.ok) this.#saved = JSON.stringify(form);
    return saved;
  }
}
