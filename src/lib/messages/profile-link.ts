import { unsignedProfile, type PageLanguage } from '$lib/core/pages';
import { profileForm } from '$lib/core/profile-link';
import type { Sender } from '$lib/core/rows/messages';
import type { WorkspaceView } from '$lib/core/tables';
import { byMail, showsPages } from './way-out';

/**
 * Where readers keep what is known of them up to date: at the form, by an address that is signed for them when the message is sent; by a
 * message to the sender where no such form is published, as from the Sandbox, which sends nothing.
 */
export function profileLinkOf({ email, accountId }: Sender, view: WorkspaceView, language: PageLanguage): string {
  const form = accountId !== null && showsPages(view) ? profileForm(view.forms.values()) : null;
  return form === null ? byMail(email, 'profile').address : unsignedProfile(language, form.id);
}
