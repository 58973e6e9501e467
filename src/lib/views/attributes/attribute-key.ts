/** The key of a new attribute, made from its name: 'Date de naissance' is DATE_DE_NAISSANCE. A number parts it from those `taken`. */
export function attributeKey(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[œŒ]/g, 'oe')
    .replace(/[æÆ]/g, 'ae')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40);
  const key = plain === '' ? 'ATTRIBUTE' : plain;
  if (!taken.has(key)) return key;
  for (let next = 2; ; next++) if (!taken.has(`${key}_${next}`)) return `${key}_${next}`;
}
