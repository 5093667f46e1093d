import { expect, test } from '../fixtures';
import { open, news, score, tabTo } from '../steps';

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

test('the first minute by keyboard alone', async ({ page, accessible }) => {
  await open(page);
  await expect(news(page)).toHaveText('Press ▶ below, or the right arrow key, to see the next message.');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('listitem', { name: /2 words removed here/ })).toBeVisible();
  await expect(score(page)).toContainText('The attacker has nothing yet');

  await tabTo(page, page.getByRole('button', { name: 'Forward' }));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(score(page)).toContainText('The attacker has the password');
  await expect(page.getByRole('button', { name: 'Forward' })).toBeFocused();

  await tabTo(page, page.getByRole('button', { name: 'The client', exact: true }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Make the client strict and replay' }));
  await page.keyboard.press('Enter');
  await expect(news(page)).toContainText('Changed: the attacker no longer gets the password');
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has nothing');
  await accessible();

  // On from there: a verdict, a row, and back to where one was.
  const verdict = page.locator('.verdict button').first();
  await tabTo(page, verdict);
  await page.keyboard.press('Enter');
  await expect(verdict).toHaveAttribute('aria-pressed', 'true');
  expect(await page.evaluate(() => (window as unknown as { cancelled: string[] }).cancelled)).toEqual([]);
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
