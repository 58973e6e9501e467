interface Choice {
  value: string;
  label: string;
  detail: string;
}

/** Every time zone, with its present distance from UTC. */
export function timeZoneChoices(now: number): Choice[] {
  return Intl.supportedValuesOf('timeZone').map((zone) => ({
    value: zone,
    label: zone.replaceAll('_', ' '),
    detail: offset(zone, now)
  }));
}

function offset(timeZone: string, now: number): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(now);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}
