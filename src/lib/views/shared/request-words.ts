import type { OutboundRequest } from '$lib/core/rows/messages';

/** What a call is known by in lists: its subject, its text, its title, or where it goes. */
export function requestTitle(request: OutboundRequest): string {
  switch (request.channel) {
    case 'email':
      return request.subject;
    case 'sms':
      return request.text ?? request.smsName;
    case 'push':
      return request.title ?? request.pushName;
    case 'wallet':
      return request.text ?? request.campaignId ?? '';
    case 'webhook':
      return `${request.method} ${request.url}`;
  }
}

/** The address or number that it goes to; '' where a contact has several, or none. */
export function recipientOf(request: OutboundRequest): string {
  if (request.channel === 'email') return request.to.name ?? request.to.email;
  return request.channel === 'sms' ? request.to : '';
}
