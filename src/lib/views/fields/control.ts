import type { FieldProps } from '$lib/ui/Field.svelte';

/** What every control of a form is given: how it is named, its value, the other values of the form. */
export type ControlProps<T> = Pick<FieldProps, 'label' | 'help' | 'error' | 'required' | 'optional' | 'hideLabel'> & {
  value: T;
  onchange: (value: T) => void;
};
