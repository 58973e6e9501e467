/** Where the app's providers answer. Exact names: whoever adds a provider adds its host. */
const PROVIDERS: ReadonlySet<string> = new Set([
  'api.brevo.com',
  'api.resend.com',
  'api.postmarkapp.com',
  'api.mailgun.net',
  'api.eu.mailgun.net',
  'api.sendgrid.com',
  'api.eu.sendgrid.com',
  'api.mailjet.com',
  'api.sparkpost.com',
  'api.eu.sparkpost.com',
  'api.mailersend.com',
  'api.scaleway.com',
  'api.twilio.com',
  'rest.nexmo.com',
  'api.telnyx.com',
  'api.plivo.com',
  'api.bird.com',
  'eu.api.ovh.com',
  'ca.api.ovh.com',
  'api.wonderpush.com',
  'management-api.wonderpush.com',
  'api.onesignal.com',
  'onesignal.com'
]);

/** Amazon SES: `email.eu-west-3.amazonaws.com`, one host a region. */
const SES =
  /^email\.[a-z]{2}(?:-gov)?-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]\.amazonaws\.com$/;

/** A public name: two labels at least, of which the last is no number, so that no IP address is one in any spelling. */
const NAME = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/** Names that lead to the machine itself or the network it is in. */
const INNER = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/** Whether calls may be passed on to `host`: a provider's, or one that the owner added, both by the exact name. */
export function isAllowed(host: string, added = ''): boolean {
  if (PROVIDERS.has(host) || SES.test(host)) return true;
  return isPublicName(host) && added.split(',').some((name) => name.trim().toLowerCase() === host);
}

function isPublicName(host: string): boolean {
  return NAME.test(host) && !INNER.test(host);
}
