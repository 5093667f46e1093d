// What is there before the page's own code, and without it.
import { expect, test } from '../fixtures';
import { open } from '../steps';

test.describe('with scripts blocked', () => {
  test.use({ javaScriptEnabled: false });

  test('the page can be read and says what it needs', async ({ page, wrong }) => {
    await page.goto('./');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('See what a man in the middle does to your mail login');
    await expect(page.getByText('JavaScript or WebAssembly is blocked here')).toBeVisible();
    await expect(page.getByRole('textbox')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'takes two words out' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'strip the offer' })).toBeVisible();
    wrong.splice(0);
  });
});

/** Holds the module back until the result is called. */
const held = async (page: import('@playwright/test').Page) => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/page-*_bg.wasm', async (route) => {
    await gate;
    await route.continue();
  });
  return () => release();
};

test('what is pasted before the page is ready is read then', async ({ page, accessible }) => {
  const release = await held(page);
  await page.goto('./', { waitUntil: 'commit' });
  const early = page.getByRole('textbox');
  await expect(early).toBeEnabled();
  await accessible();
  await early.evaluate((area: HTMLTextAreaElement) => {
    area.value = 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n';
    area.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }));
  });
  release();
  await expect(page.locator('li.row')).toHaveCount(3);
});

test('what is typed before the page is ready waits in the window that opens a log', async ({ page }) => {
  const release = await held(page);
  await page.goto('./', { waitUntil: 'commit' });
  const early = page.getByRole('textbox');
  // The field takes text from the moment on when something keeps it.
  await expect(early).toBeEnabled();
  await early.pressSequentially('S: * OK');
  release();
  await expect(page.getByRole('dialog', { name: 'Check your own log' }).getByRole('textbox')).toHaveValue('S: * OK');
});

test('nothing jumps while the page takes the place of the shell', async ({ page }) => {
  await page.addInitScript(() => {
    const shift = { sum: 0 };
    Object.assign(window, { shift });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift.sum += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await open(page);
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => (window as unknown as { shift: { sum: number } }).shift.sum)).toBeLessThan(0.02);
});
