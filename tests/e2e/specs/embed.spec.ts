// The laboratory in another page's frame.
import { expect, test } from '../fixtures';

test('another page shows a setup and opens a log in the frame', async ({ page, accessible }) => {
  await page.goto('./embed.html');
  await expect(page.getByRole('status').first()).toContainText('The laboratory is there');
  const lab = page.frameLocator('#lab');
  await expect(lab.locator('li.row').first()).toBeVisible();
  await page.getByRole('button', { name: 'Show a refusal in POP3' }).click();
  await expect(lab.locator('li.row').first()).toContainText('+OK');
  await page.getByRole('button', { name: 'Other colours' }).click();
  await expect(lab.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Open a log' }).click();
  await expect(lab.locator('li.row')).toHaveCount(3);
  await accessible();
});

test('a page that is not its host says nothing to it', async ({ page }) => {
  await page.goto('./');
  await expect(page.locator('li.row').first()).toBeVisible();
  const rows = await page.locator('li.row').count();
  await page.evaluate(() => window.postMessage({ lab: 'open', name: 'x', text: 'S: * OK ready\nC: a1 NOOP\n' }, '*'));
  await page.waitForTimeout(300);
  await expect(page.locator('li.row')).toHaveCount(rows);
});
