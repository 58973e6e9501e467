import { isHttpUrl, type Control } from '$lib/core/fields';
import { m } from '$lib/i18n';

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

/** A host by its name, as it stands in dashboards, and what follows it. */
const WITHOUT_SCHEME = /^[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(\/\S*)?$/i;

/**
 * What keeps the fields from being sent, by their names. Addresses that were pasted without their scheme are completed: without one they
 * would lead to this app itself.
 */
export function refusalsIn(form: TypedFields): Record<string, string> {
  const needed = missingIn(form).map((name) => [name, m['settings.providers.needed']()] as const);
  const strange = form.fields.flatMap(({ name, control }) => {
    const typed = form.values[name];
    if (control.kind !== 'url' || typeof typed !== 'string') return [];
    const address = typed.trim();
    const whole = WITHOUT_SCHEME.test(address) ? `https://${address}` : address;
    if (whole !== typed) form.values[name] = whole;
    return whole === '' || isHttpUrl(whole) ? [] : [[name, m['settings.providers.fullAddress']()] as const];
  });
  return Object.fromEntries([...strange, ...needed]);
}

/** The names of the fields that must not stay empty. */
function missingIn(form: TypedFields): string[] {
  return form.fields
    .filter(({ name, control, required }) => {
      if (!required) return false;
      const value = control.kind === 'secret' ? form.secrets[name] : form.values[name];
      const isEmpty = value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
      return isEmpty && !(control.kind === 'secret' && form.isKept(name));
    })
    .map(({ name }) => name);
}
