import type { ReachablePerson } from '$lib/core/sources';

interface Named {
  readonly first?: string | null | undefined;
  readonly last?: string | null | undefined;
  /** Where the vendor does not say which part is which. */
  readonly whole?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

/** Whoever bought, paid or booked by this address: a contact is made of what is told where nobody has it. */
export function buyer(email: string, { first, last, whole, phone }: Named): ReachablePerson {
  const parts = { FIRSTNAME: first, LASTNAME: last, NAME: whole };
  const attributes = Object.fromEntries(
    Object.entries(parts).flatMap(([id, value]) => (value?.trim() ? [[id, value.trim()]] : []))
  );
  return { email, newcomer: { attributes, ...(phone?.trim() ? { phone: phone.trim() } : {}) } };
}
