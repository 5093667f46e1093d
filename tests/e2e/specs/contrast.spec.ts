import { expect, test } from '../fixtures';
import { open, panel, score } from '../steps';

const SCREENS = [
  '#/examples', '#/learn', '#/learn/strip/1', '#/present/strip/1', '#/objections', '#/quiz', '#/tally', '#/preflight', '#/worksheet/key',
  '#/learn/own', '#/rules', '#/rules/A12', '#/machines', '#/own', '#/plain', '#/attack', '#/search', '#/matrix', '#/compare', '#/about', '#/logs',
];

test('high contrast is seven to one on every screen, by choice', async ({ page, contrast, picture }) => {
  test.slow();
  await open(page);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a screen' }).fill('high contrast');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await expect(score(page)).toContainText('The attacker has the password');
  await contrast();
  await picture('contrast');
  for (const name of ['Beliefs', 'Switches', 'Verdicts']) {
    await panel(page, name);
    await contrast();
  }
  for (const screen of SCREENS) {
    await page.evaluate((hash) => (location.hash = hash), screen);
    await expect(page.locator('main h1, main h2').first()).toBeVisible();
    await contrast();
  }
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'contrast');
});

test('who asks the system for more contrast gets it from the first picture on', async ({ page, contrast }) => {
  await page.emulateMedia({ contrast: 'more' });
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  await page.goto('./', { waitUntil: 'commit' });
  await page.locator('main').first().waitFor();
  const extreme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)'));
  expect(await ink()).toBe(extreme);
  await expect(page.locator('li.row')).not.toHaveCount(0);
  expect(await ink()).toBe(extreme);
  await contrast();
});

for (const forcedColors of ['none', 'active'] as const) {
  const colours = forcedColors === 'none' ? 'the page’s own colours' : 'forced colours';
  test(`every screen is there for assistive technology, in ${colours}`, async ({ page, accessible }) => {
    test.slow();
    await page.emulateMedia({ forcedColors });
    await open(page);
    for (const screen of SCREENS) {
      await page.evaluate((hash) => (location.hash = hash), screen);
      await expect(page.locator('main h1, main h2').first()).toBeVisible();
      await accessible();
    }
  });
}
