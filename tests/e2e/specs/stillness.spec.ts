import { expect, test } from '../fixtures';
import { defend, drop, news, open, panel, paste, score } from '../steps';

/** Layout shifts that nobody asked for: the browser leaves out what follows a person's input within 500 ms. */
const shifts = async (page: import('@playwright/test').Page) =>
  page.evaluate(
    () =>
      new Promise<{ sum: number; what: string[] }>((resolve) => {
        const what: string[] = [];
        let sum = 0;
        const take = (list: PerformanceEntryList) => {
          for (const entry of list) {
            const shift = entry as unknown as { hadRecentInput: boolean; value: number; sources: { node?: Node }[] };
            if (shift.hadRecentInput) continue;
            sum += shift.value;
            what.push(...shift.sources.map(({ node }) => (node as Element)?.className ?? node?.nodeName ?? '?'));
          }
        };
        // What is buffered arrives with the next frames.
        const seen = new PerformanceObserver((list) => take(list.getEntries()));
        seen.observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve({ sum, what }), 300);
      }),
  );

const still = async (page: import('@playwright/test').Page) => {
  const { sum, what } = await shifts(page);
  expect(sum, `moved by itself: ${what.join(', ')}`).toBeLessThanOrEqual(0.02);
};

test('nothing moves by itself: start, steps, flips', async ({ page }) => {
  await open(page);
  for (let step = 0; step < 5; step++) await page.getByRole('button', { name: 'Forward' }).click();
  await expect(score(page)).toContainText('The attacker has the password');
  await defend(page);
  await panel(page, 'Switches');
  for (const side of ['Client', 'Server']) {
    // By key, since the browser takes nothing else that a test can do to a list for a person's input.
    const profile = page.getByLabel(`${side} profile`);
    const before = await profile.inputValue();
    await profile.focus();
    await page.keyboard.press('End');
    await expect(profile).not.toHaveValue(before);
    await expect(profile.locator('option:checked')).not.toHaveText(/, changed$/);
    // What came late would count.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  }
  await page.getByRole('radio', { name: 'Refuse STARTTLS' }).check();
  await page.getByRole('radio', { name: 'Strip the offer' }).check();
  await panel(page, 'Verdicts');
  await still(page);
});

test('nothing moves when an import fails', async ({ page }) => {
  await open(page);
  await drop(page, 'photo.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await still(page);
});

test('nothing moves when an import succeeds', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  const text = 'S: * OK ready\nC: a1 LOGIN joe swordfish\nnoise\nS: a1 OK in\n';
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press('Control+v');
  await expect(score(page)).toContainText('A password crossed in the clear');
  await still(page);
});

test('with reduced motion nothing is animated', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await page.getByRole('radio', { name: 'as of 1999' }).check();
  await expect(news(page)).toContainText('Changed:');
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});

for (const [width, height] of [[720, 450], [480, 300], [360, 225], [320, 256]] as const) {
  test(`at ${width} by ${height} it scrolls one way only`, async ({ page, accessible, picture }) => {
    await page.setViewportSize({ width, height });
    await open(page);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('listitem', { name: /LOGIN tim/ })).toBeInViewport();
    for (const name of ['Beliefs', 'Bytes', 'Switches', 'Verdicts']) {
      await panel(page, name);
      expect(await wide(), name).toBeLessThanOrEqual(width);
    }
    await accessible();
    await picture(`narrow-${width}`);
    await paste(page, `S: * OK ready\nC: a1 NOOP\n${'long'.repeat(60)}\nS: a1 OK done\n`);
    await expect(page.locator('li.row')).toHaveCount(4);
    expect(await wide(), 'import').toBeLessThanOrEqual(width);
    await accessible();
  });
}

test('on a desk the page itself does not scroll', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page);
  for (const summary of await page.locator('.rail summary').all()) await summary.click();
  expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900);
});

test('in forced colours everything is there', async ({ page, picture, accessible }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page);
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await expect(score(page)).toContainText('The attacker has the password');
  await accessible();
  await picture('forced-colors');
});

test('the browser counts no request after the start', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await paste(page, 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n');
  await expect(page.locator('li.row')).toHaveCount(3);
  await panel(page, 'Sessions');
  await expect(page.getByText('0 requests since load: nothing leaves this page.')).toBeVisible();
});
