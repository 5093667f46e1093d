import { expect, test } from '../fixtures';
import { open } from '../steps';

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const cancelled: string[] = [];
    Object.assign(window, { cancelled });
    // Asked afterwards, when every listener has had its say.
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Tab') setTimeout(() => event.defaultPrevented && cancelled.push('Tab'), 0);
    });
  });
});

test('Tab is never cancelled, on the whole way around', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  const seen = new Set<string>();
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 160) ?? ''));
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(await page.evaluate(() => (window as unknown as { cancelled: string[] }).cancelled)).toEqual([]);
});

test('the dialogs give the focus back', async ({ page, accessible, picture }) => {
  await open(page);
  for (const name of ['Help and keys', 'Open a log']) {
    const button = page.getByRole('button', { name });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await accessible();
    await picture(name === 'Open a log' ? 'dialog-import' : 'dialog-help');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});
