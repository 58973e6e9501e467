import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { compareWords, locale } from '$lib/i18n';

interface Choice {
  value: string;
  label: string;
  detail?: string;
}

/** Every country with its calling code, in the language of the interface. */
export function countryChoices(): Choice[] {
  const names = new Intl.DisplayNames(locale(), { type: 'region' });
  return getCountries()
    .map((code) => ({ value: code, label: names.of(code) ?? code, detail: `+${getCountryCallingCode(code)}` }))
    .sort((one, other) => compareWords(one.label, other.label));
}

/** ISO weekdays, Monday first, as the language shortens them. */
export function weekdays(): { day: number; short: string; long: string }[] {
  const name = (day: number, weekday: 'short' | 'long') =>
    // 1 January 2024 was a Monday.
    new Intl.DateTimeFormat(locale(), { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, day));
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, short: name(day, 'short'), long: name(day, 'long') }));
}
