import { expect, test } from '../fixtures';
import { open, panel, tabTo } from '../steps';

const h1 = (page: import('@playwright/test').Page) => page.getByRole('heading', { level: 1 });

test('the rule book is filtered by words, section, side and document, and the address keeps it', async ({ page, accessible, picture }) => {
  await page.goto('./#/rules');
  const rows = page.locator('.rows-list a');
  await expect(rows).not.toHaveCount(0);
  const all = await rows.count();
  expect(all).toBeGreaterThan(150);
  await page.getByRole('searchbox', { name: 'Search' }).fill('2595 2.3');
  await expect(rows.first()).toContainText('A04');
  await page.getByRole('radio', { name: 'client' }).check();
  await page.getByLabel('Document').selectOption({ label: 'RFC 2595' });
  const few = await rows.count();
  expect(few).toBeGreaterThan(0);
  expect(few).toBeLessThan(all / 10);
  await expect.poll(() => page.evaluate(() => location.hash)).toBe('#/rules?q=2595%202.3&side=client&doc=rfc-2595');
  await accessible();
  await picture('rules-filtered');
  await page.reload();
  await expect(rows).toHaveCount(few);
  await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('2595 2.3');
  await page.getByRole('searchbox', { name: 'Search' }).fill('nobody says this');
  await expect(page.locator('.found')).toHaveText('Nothing fits. Take a filter away.');
});

test('a rule page explains, and its two sessions open on the workbench with the verdict lit', async ({ page, accessible, picture }) => {
  await page.goto('./#/rules/A12');
  for (const title of ['What it asks', 'Why it exists', 'How it is judged, and what that cannot see', 'What later documents did to it']) {
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
  }
  await accessible();
  await picture('rule-page');
  const verdict = page.locator('.verdict:has(button[aria-pressed=true])');
  await page.getByRole('link', { name: /A session that breaks it/ }).click();
  await panel(page, 'Verdicts');
  await expect(verdict).toContainText('broken');
  await expect(page.locator('li.row.lit')).not.toHaveCount(0);
  await page.goBack();
  await expect(h1(page)).toHaveText(/waits for TLS/);
  await page.getByRole('link', { name: /A session that does not/ }).click();
  await panel(page, 'Verdicts');
  await expect(verdict).toContainText(/kept|not applicable/);
  await expect(page.locator('.verdict.fail')).toHaveCount(0);
  await accessible();
  // And from the verdict back to the rule.
  await verdict.getByRole('link', { name: 'The page of rule A12' }).click();
  await expect(h1(page)).toHaveText(/waits for TLS/);
});

test('what cannot be judged says why', async ({ page, accessible }) => {
  await page.goto('./#/rules/B01');
  await expect(page.getByRole('heading', { name: 'Not judged here' })).toBeVisible();
  await accessible();
});

test('the rules of a verdict are a link away, by keyboard', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await panel(page, 'Verdicts');
  const first = page.locator('.verdict button').first();
  await first.focus();
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('link', { name: /^The page of rule/ }));
  await page.keyboard.press('Enter');
  await expect(h1(page)).toBeFocused();
  await expect(page.locator('main.rulepage')).toBeVisible();
});
