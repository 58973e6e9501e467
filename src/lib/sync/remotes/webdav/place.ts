import { secret, text, url, type ValuesOf } from '$lib/core/fields';

/** A folder, and who may write there. */
export const fields = {
  url: url({ required: true }),
  user: text({ required: true, max: 200 }),
  password: secret({ required: true })
};

export type WebdavPlace = ValuesOf<typeof fields>;
