import { birthday } from './automations/birthday';
import { cart } from './automations/cart';
import { deal } from './automations/deal';
import { loyalty } from './automations/loyalty';
import { meeting } from './automations/meeting';
import { renewal } from './automations/renewal';
import { review } from './automations/review';
import { survey } from './automations/survey';
import { welcome } from './automations/welcome';
import { winback } from './automations/winback';
import type { ReadyAutomation } from './ready';

/** The ready automations, in the order of the gallery. */
export const GALLERY: readonly ReadyAutomation[] = [
  welcome,
  cart,
  birthday,
  review,
  winback,
  deal,
  meeting,
  loyalty,
  survey,
  renewal
];

export { PURPOSES, SENDER, SMS_SENDER, type Purpose, type ReadyAutomation, type Text } from './ready';
