import * as v from 'valibot';

const id = v.pipe(v.string(), v.minLength(1));
const instant = v.number();

export const FORM_TYPES = ['sign_up', 'unsubscribe', 'profile_update'] as const;
export type FormType = (typeof FORM_TYPES)[number];

/** What a form asks for: an address, or an attribute of contacts. */
export const formFieldSchema = v.object({
  id,
  asks: v.variant('for', [
    v.object({ for: v.literal('email') }),
    v.object({ for: v.literal('phone') }),
    v.object({ for: v.literal('attribute'), attributeId: id })
  ]),
  /** '' : the attribute's own name */
  label: v.string(),
  help: v.string(),
  required: v.boolean()
});
export type FormField = v.InferOutput<typeof formFieldSchema>;

/** The email that asks whoever reads an address whether the sign-up was theirs. What is empty is said in the app's own words. */
export const confirmationSchema = v.object({ senderId: id, subject: v.string(), text: v.string(), button: v.string() });
export type Confirmation = v.InferOutput<typeof confirmationSchema>;

/** A form of the creator's: on its own page, on a site, or as a kiosk on this device. Each submission is an event `form.submitted`. */
export const formSchema = v.object({
  id,
  name: v.string(),
  type: v.picklist(FORM_TYPES),
  title: v.string(),
  intro: v.string(),
  fields: v.array(formFieldSchema),
  /** lists that a sign-up adds to, and an unsubscription takes off */
  listIds: v.array(id),
  /** what must be agreed to; '': nothing */
  consent: v.string(),
  button: v.string(),
  thanks: v.string(),
  createdAt: instant,
  updatedAt: instant,
  example: v.optional(v.boolean()),
  /** Everybody can fill it in, on a page of the user's relay. */
  isPublic: v.optional(v.boolean()),
  /** Of a sign-up: it counts once its address is confirmed. */
  confirmation: v.optional(confirmationSchema)
});
export type Form = v.InferOutput<typeof formSchema>;
