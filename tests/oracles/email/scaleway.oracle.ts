import { createAdvancedClient, withHTTPClient, withProfile } from '@scaleway/sdk-client';
import { Temv1alpha1 } from '@scaleway/sdk-tem';
import { bareEmail, email } from '../messages';
import { agree } from '../oracle';

// The SDK takes a project and a secret key only in their own form, a UUID.
const projectId = '11111111-1111-4111-8111-111111111111';
const secretKey = '22222222-2222-4222-8222-222222222222';
const scaleway = new Temv1alpha1.API(
  createAdvancedClient(
    withProfile({ accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey, defaultProjectId: projectId, defaultRegion: 'fr-par' }),
    // It would keep the `fetch` that was there when it was made.
    withHTTPClient((url, init) => globalThis.fetch(url, init))
  )
);
const common = {
  provider: 'email.scaleway',
  sdk: '@scaleway/sdk-tem',
  fields: { projectId, secretKey },
  reply: { status: 200, body: { emails: [{ id: 't1' }] } }
} as const;

agree({
  ...common,
  request: email,
  send: () =>
    scaleway.createEmail({
      from: email.from,
      to: [email.to],
      subject: email.subject,
      text: email.text,
      html: email.html,
      additionalHeaders: Object.entries(email.headers).map(([key, value]) => ({ key, value }))
    })
});

agree({
  ...common,
  title: 'the least',
  request: bareEmail,
  send: () =>
    scaleway.createEmail({
      from: { email: bareEmail.from.email },
      to: [bareEmail.to],
      subject: bareEmail.subject,
      text: bareEmail.text,
      html: bareEmail.html
    })
});
