import type { InboxKind } from '$lib/core/inbox';
import { hexToBytes, hmacOfBody, hmacOfTimeAndBody, isHmac } from './hmac';
import { mailersend } from './mailersend';
import { mailgun } from './mailgun';
import { basic, tokenInBody } from './passwords';
import { sendgrid } from './sendgrid';
import type { Signature } from './signature';
import { svix } from './svix';
import { twilio } from './twilio';

/** WooCommerce, 'Webhooks': when one is saved, `webhook_id=…` is posted without a signature, and has to be answered. */
const woocommerce: Signature = {
  ...hmacOfBody({ header: 'x-wc-webhook-signature', encoding: 'base64' }),
  isPing: async ({ headers, body }) => !headers.has('x-wc-webhook-signature') && /^webhook_id=\d+$/.test(body)
};

/**
 * Crisp, 'Plugin Hooks', as its own library checks it: an HMAC of `[{timestamp};{body}]`. Its 'Website Hooks', which are made without a
 * plugin, are not signed.
 */
const crisp: Signature = {
  isOptional: true,
  isRight: async ({ headers, body }, secret) => {
    const time = headers.get('x-crisp-request-timestamp') ?? '';
    return isHmac('SHA-256', secret, `[${time};${body}]`, hexToBytes(headers.get('x-crisp-signature') ?? ''));
  }
};

/** What proves a post of each kind; null: nothing but the address that it was posted to. */
export const signatureOf: Readonly<Record<InboxKind, Signature | null>> = {
  /** Aircall, 'A complete guide to Webhooks': the `token` of the webhook, and 'Always return a 200 HTTP code'. */
  aircall: { ...tokenInBody, kept: 200 },
  brevo: null,
  /** Cal.com, 'Webhooks', 'Verifying the authenticity of the received payload'. */
  calcom: hmacOfBody({ header: 'x-cal-signature-256', encoding: 'hex' }),
  /** Calendly, 'Webhook Signatures'. */
  calendly: hmacOfTimeAndBody('calendly-webhook-signature'),
  crisp,
  /** Whatever the user makes. Where there is a secret, signed as Standard Webhooks say. */
  generic: { ...svix, isOptional: true },
  /** Intercom, 'Signed Notifications': with the client secret of the app. */
  intercom: hmacOfBody({ header: 'x-hub-signature', encoding: 'hex', hash: 'SHA-1', prefix: 'sha1=' }),
  mailersend,
  mailgun,
  mailjet: null,
  onesignal: null,
  /** Kept by the relay alone: nothing that is posted can prove to be it. */
  pages: { isRight: () => Promise.resolve(false) },
  /** PayPal signs with a certificate that would have to be fetched and whose chain no Worker can check. */
  paypal: null,
  /** Postmark, 'Webhooks overview': basic authorization, which the address that it is given holds. */
  postmark: basic,
  resend: svix,
  /** Ringover signs by a JWT in a header, whose relation to the body its documentation leaves open, and not all that it posts. */
  ringover: null,
  scaleway: null,
  sendgrid,
  /** SNS signs with a certificate, as PayPal does. */
  ses: null,
  /** Shopify, 'Deliver webhooks through HTTPS', 'Validate the origin of your webhook'. */
  shopify: hmacOfBody({ header: 'x-shopify-hmac-sha256', encoding: 'base64' }),
  sparkpost: null,
  /** Stripe, 'Resolve webhook signature verification errors', 'Verify manually'. */
  stripe: hmacOfTimeAndBody('stripe-signature'),
  tracker: null,
  twilio,
  wonderpush: null,
  woocommerce
};
