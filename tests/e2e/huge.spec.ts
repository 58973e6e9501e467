import { restoreWorkspace } from '../bench/screens';
import { expect, test } from './harness';

test('of three hundred steps those in sight are drawn, and keys lead to all of them', async ({ page, hand }) => {
  await restoreWorkspace(page, '');
  await page.goto('/automations/a1');
  const card = (name: string) =>
    page.getByRole('button', { name: new RegExp(`^Fractionnement conditionnel ${name}\\b`) });
  const drawn = page.getByRole('button', { name: /^Fractionnement conditionnel Embranchement/ });
  await expect(card('Embranchement 1')).toBeInViewport();
  expect(await drawn.count()).toBeLessThan(30);
  await expect(card('Embranchement 4')).toHaveCount(0);

  await test.step('the arrows follow the path, however far the next step is', async () => {
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('button', { name: 'Contact ajouté à une liste Lecteurs' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    for (const name of ['Embranchement 1', 'Embranchement 2', 'Embranchement 4', 'Embranchement 8']) {
      await expect(card(name)).toBeFocused();
      await expect(card(name)).toBeInViewport();
      await page.keyboard.press('ArrowDown');
    }
  });

  await test.step('what was moved out of sight is found again', async () => {
    const chosen = card('Embranchement 16');
    await expect(chosen).toBeFocused();
    // Keys move the focus, and what has it is in sight.
    if (hand === 'mouse') {
      await page.mouse.move(700, 450);
      for (let times = 0; times < 10; times++) await page.mouse.wheel(600, 0);
      await expect(chosen).toHaveCount(0);
    }
    await page.getByRole('button', { name: 'Aller à l’étape choisie' }).click();
    await expect(chosen).toBeFocused();
    await expect(chosen).toBeInViewport();
  });

  await test.step('cards out of sight have been measured: nothing shifts when they come', async () => {
    const gap = async (upper: string, lower: string): Promise<number> => {
      const [above, below] = [await card(upper).boundingBox(), await card(lower).boundingBox()];
      return (below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 0);
    };
    const before = await gap('Embranchement 16', 'Embranchement 32');
    expect(before).toBeGreaterThan(40);
    await page.keyboard.press('ArrowDown');
    await expect(card('Embranchement 32')).toBeFocused();
    expect(Math.round(await gap('Embranchement 16', 'Embranchement 32'))).toBe(Math.round(before));
  });
});
