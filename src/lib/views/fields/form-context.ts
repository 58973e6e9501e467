import { createContext } from 'svelte';
import type { Id } from '$lib/core/ids';
import type { WorkspaceView } from '$lib/core/tables';
import type { EventSubjects } from '$lib/views/filters/subjects';

/** What the controls of a form offer things from, wherever the form is shown. */
export interface FormContext {
  view(): WorkspaceView;
  /** The automation whose unit is set up: it does not refer to itself. */
  readonly automationId: Id | null;
  /** The event in hand: what lets a contact into the automation. */
  event(): EventSubjects | null;
  /** Steps that may be gone to. */
  steps(): { value: Id; label: string }[];
}

export const [getForm, setForm] = createContext<FormContext>();

/** A form that stands by itself, outside an automation. */
export function plainForm(view: () => WorkspaceView): FormContext {
  return { view, automationId: null, event: () => null, steps: () => [] };
}
