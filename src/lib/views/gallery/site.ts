import type { WorkspaceView } from '$lib/core/tables';

/** Mail services whose domain is nobody's site. */
const MAIL_SERVICES =
  /^(gmail|googlemail|outlook|hotmail|live|yahoo|icloud|me|proton|protonmail|orange|free|sfr|laposte|wanadoo|gmx|aol)\./;

/** Where the workspace's site probably is: what its brand links to, or the domain of its sender; '' where nothing tells. */
export function siteGuessed({ settings, senders }: WorkspaceView): string {
  const linked = settings.get('workspace')?.brand?.social.find(({ network }) => network === 'website')?.url;
  if (linked) return linked;
  for (const { email } of senders.values()) {
    const domain = email.split('@')[1]?.toLowerCase() ?? '';
    if (domain.includes('.') && !MAIL_SERVICES.test(domain)) return `https://${domain}`;
  }
  return '';
}

/** The address without a slash at the end; null where it is none that an email could lead to. */
export function siteTyped(typed: string): string | null {
  const site = typed.trim();
  if (/["'\s<>{}]/.test(site) || !URL.canParse(site)) return null;
  const { protocol, hostname } = new URL(site);
  return /^https?:$/.test(protocol) && hostname.includes('.') ? site.replace(/\/+$/, '') : null;
}
