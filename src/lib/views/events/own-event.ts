/** A property as it was typed. */
export interface TypedProperty {
  name: string;
  value: string;
}

/** What a typed value means: a number, yes or no as JSON has them, or a text. */
export function propertyValue(text: string): unknown {
  const value = text.trim();
  if (value === 'true' || value === 'false') return value === 'true';
  // A leading zero or a plus sign belongs to a code, not to a number.
  if (/^-?(0|[1-9]\d{0,14})([.,]\d+)?$/.test(value)) return Number(value.replace(',', '.'));
  return value;
}

/** The properties of an event of one's own, without those left empty. */
export function ownEventProperties(name: string, typed: readonly TypedProperty[]): Record<string, unknown> {
  const given = typed.filter((property) => property.name.trim() !== '' && property.name.trim() !== 'name');
  return {
    ...Object.fromEntries(given.map((property) => [property.name.trim(), propertyValue(property.value)])),
    name: name.trim()
  };
}
