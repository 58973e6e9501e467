import type { Form } from './rows/forms';

/** As templates name the link by which readers keep what is known of them up to date. */
export const PROFILE_LINK = 'profile_url';

/** The form to which that link leads: of those that are published, the one that was made first. */
export function profileForm(forms: Iterable<Form>): Form | null {
  const [first] = [...forms]
    .filter(({ type, isPublic }) => type === 'profile_update' && isPublic === true)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return first ?? null;
}
