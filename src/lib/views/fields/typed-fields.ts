import type { Control } from '$lib/core/fields';

export interface TypedField {
  readonly name: string;
  readonly control: Control;
  readonly required: boolean;
  readonly initial: unknown;
}

/** The fields of a definition while they are being typed, secrets in plain beside the others: the worker gets them all at once. */
export interface TypedFields {
  readonly fields: readonly TypedField[];
  values: Record<string, unknown>;
  secrets: Record<string, string>;
  /** By field, why it is refused. */
  errors: Record<string, string>;
  /** A secret of this name is kept already, and stays where none is typed. */
  isKept(name: string): boolean;
  /** What the messages say of a field, or of one option of it. */
  wordsOf(name: string, part: 'label' | 'help', option?: string): string | undefined;
}

/** What the fields start with. */
export function initialValues(fields: readonly TypedField[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ control }) => control.kind !== 'secret').map(({ name, initial }) => [name, initial])
  );
}

/** The names of the fields that must not stay empty. */
export function missingIn(form: TypedFields): string[] {
  return form.fields
    .filter(({ name, control, required }) => {
      if (!required) return false;
      const value = control.kind === 'secret' ? form.secrets[name] : form.values[name];
      const isEmpty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
      return isEmpty && !(control.kind === 'secret' && form.isKept(name));
    })
    .map(({ name }) => name);
}
