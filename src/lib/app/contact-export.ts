import * as Comlink from 'comlink';
import type { Result } from '$lib/core/result';
import type { ContactChoice, ContactExport, Progress } from '$lib/worker/drafts';
import { engine } from './engine';

/** The contacts as a file. `goesOn` hears how far it is; false stops it. */
export function exportContacts(
  choice: ContactChoice,
  options: ContactExport,
  goesOn: (progress: Progress) => boolean
): Promise<Result<Blob>> {
  return engine().contacts.exportFile(choice, options, Comlink.proxy(goesOn));
}
