import type { Fields, ValuesOf } from '$lib/core/fields';
import { initialValues } from '$lib/core/fields';

/** The fields of an account as its adapter gets them: each secret in clear, on its way out; null where it is gone or locked. */
export async function fieldsWithSecrets<F extends Fields>(
  fields: F,
  values: Readonly<Record<string, unknown>>,
  openSecret: (id: string) => Promise<string | null>
): Promise<ValuesOf<F>> {
  const opened: Record<string, unknown> = { ...initialValues(fields), ...values };
  for (const [name, { control }] of Object.entries(fields)) {
    const value = opened[name];
    if (control.kind === 'secret' && typeof value === 'string') opened[name] = await openSecret(value);
  }
  return opened as ValuesOf<F>;
}

/** Whether a secret without which the adapter can do nothing is gone or locked. */
export function lacksKey(fields: Fields, values: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).some(
    ([name, { control, required }]) => control.kind === 'secret' && required && values[name] === null
  );
}
