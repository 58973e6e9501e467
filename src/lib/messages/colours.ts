/** WCAG's contrast of two `#rrggbb`, 1 to 21. Text needs 4.5, large text and signs 3. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** What can be read on a ground: the colour wanted where it can, else the better of black and white. */
export function readable(wanted: string, ground: string, least = 4.5): string {
  if (contrast(wanted, ground) >= least) return wanted;
  return contrast('#ffffff', ground) >= contrast('#1a1a1f', ground) ? '#ffffff' : '#1a1a1f';
}

/** The colour, made lighter or darker only as far as it takes to be read on the ground. */
export function shifted(colour: string, ground: string, least = 4.5): string {
  const towards = luminance(ground) < 0.18 ? 255 : 0;
  let shade = colour;
  for (let step = 1; step <= 20 && contrast(shade, ground) < least; step++)
    shade = hex(channels(colour).map((channel) => channel + ((towards - channel) * step) / 20));
  return shade;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) || 0);
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}
