import { expect, test } from '../fixtures';
import { open, score, throughCell } from '../steps';
import type { Page } from '@playwright/test';

/** The table, once it is computed. */
const grid = async (page: Page) => {
  const table = page.getByRole('grid');
  await expect(table).toBeVisible({ timeout: 80_000 });
  return table;
};

test('attacks against clients: computed here, a cell opens its run, and Back leads to the cell', async ({ page, accessible, picture }) => {
  test.slow();
  await page.goto('./#/matrix?p=pop3');
  const table = await grid(page);
  await expect(page.locator('.found')).toContainText(/\d+ attacks against \d+ clients, from \d+ runs just now/);
  await accessible();
  await picture('matrix');
  const lost = table.locator('td.lost a').first();
  const id = await lost.getAttribute('id');
  await throughCell(page, id, () => lost.click());
  await expect(page).toHaveURL(/at=/);
});

test('arrow keys move in the table, and headers stay in sight', async ({ page }) => {
  test.slow();
  await page.goto('./#/matrix?p=acap');
  const table = await grid(page);
  await table.locator('[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#cell-1-1')).toBeFocused();
  await expect(table.locator('th.here')).toHaveCount(2);
  await page.keyboard.press('End');
  await page.keyboard.press('Control+End');
  const head = page.locator('thead th.here');
  await expect(head).toBeInViewport();
  await expect(page.locator('tbody th.here')).toBeInViewport();
  await page.keyboard.press('Control+Home');
  await expect(page.locator('#cell-0-0')).toBeFocused();
  await expect(table.locator('[tabindex="0"]')).toHaveCount(1);
});

test('a flip for everybody outlines what changes and counts it', async ({ page, accessible, picture }) => {
  test.slow();
  await page.goto('./#/matrix?p=pop3&server=open');
  await grid(page);
  await page.getByLabel('Flip for everybody').selectOption('client.tls=required');
  await expect(page.locator('.found')).toContainText(/After the flip \d+ attacks? now stopped/, { timeout: 80_000 });
  await expect(page.locator('td.changed').first()).toBeVisible();
  await expect(page.locator('td.changed small').first()).toHaveText(/^was: /);
  await accessible();
  await picture('matrix-flip');
  await page.reload();
  await expect(page.getByLabel('Flip for everybody')).toHaveValue('client.tls=required');
});

test('attacks against rules: full names, filters in the address, gaps, files', async ({ page, accessible, picture }) => {
  test.slow();
  await page.goto('./#/matrix?p=pop3&view=rules');
  const table = await grid(page);
  const rows = await table.locator('tbody tr').count();
  await page.getByRole('searchbox', { name: 'Attack' }).fill('strip');
  await expect(page).toHaveURL(/q=strip/);
  await expect.poll(() => table.locator('tbody tr').count()).toBeLessThan(rows);
  await page.getByRole('searchbox', { name: 'Attack' }).fill('');
  await page.getByRole('switch', { name: 'Only attacks that no rule stops' }).check();
  await expect.poll(() => table.locator('tbody tr').count()).toBeLessThan(rows);
  await accessible();
  await page.getByRole('switch', { name: 'Only attacks that no rule stops' }).uncheck();
  await picture('matrix-rules');
  const csv = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save as CSV' }).click();
  expect((await csv).suggestedFilename()).toBe('matrix.csv');
  const markdown = await page.getByRole('link', { name: 'Save as Markdown' }).getAttribute('href');
  expect(decodeURIComponent(markdown!)).toContain('| Attack |');
});

test('computing can be stopped and begun again', async ({ page }) => {
  test.slow();
  await page.goto('./#/matrix');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('.found')).toHaveText('Not computed: stopped.');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible();
});

test('the defender finds every smallest change', async ({ page, accessible }) => {
  test.slow();
  await open(page);
  await page.keyboard.press('End');
  const turn = page.getByRole('region', { name: "Defender's turn" });
  await turn.getByRole('button', { name: 'Find every smallest change' }).click();
  await expect(turn.getByRole('status')).toContainText(/Each of these \d+ changes stops it/, { timeout: 80_000 });
  await accessible();
  await turn.getByRole('button', { name: /Apply: Client: TLS policy required/ }).click();
  await expect(score(page)).toContainText('The attacker has nothing');
});

test('an attack is looked for and played back', async ({ page, accessible, picture }) => {
  test.slow();
  await page.goto('./#/search?harm=credential&moves=1');
  await page.getByRole('button', { name: 'Search' }).click();
  const result = page.getByRole('region', { name: 'Result' });
  await expect(result).toContainText(/Found, .*states? visited/, { timeout: 80_000 });
  await accessible();
  await picture('search');
  await page.getByRole('link', { name: 'Play it on the workbench' }).click();
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has the password');
});
