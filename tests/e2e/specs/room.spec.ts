import { expect, test } from '../fixtures';
import { blanked, clicked } from '../steps';

test.use({ viewport: { width: 1280, height: 720 } });

test('a room reads everything without scrolling, with address, step and a code to scan', async ({ page, picture, accessible }) => {
  await page.goto('./#/present/strip/1');
  const text = page.locator('.present .lesson');
  await expect(text).toBeVisible();
  const size = await text.locator('p').nth(1).evaluate((node) => parseFloat(getComputedStyle(node).fontSize));
  expect(size).toBeGreaterThanOrEqual(24);
  const code = await page.locator('svg.qr').boundingBox();
  expect(Math.min(code?.width ?? 0, code?.height ?? 0)).toBeGreaterThanOrEqual(300);
  await expect(page.locator('.room')).toContainText('Step 1 of 3');
  await expect(page.locator('.room .address')).toContainText('#/learn/strip/1');
  await accessible();
  await picture('room-story');
});

test('no story of the workshop is longer than a screen', async ({ page }) => {
  const steps: Record<string, number> = {
    ready: 2, 'read-a-session': 2, upgrade: 3, strip: 3, refused: 2, injection: 3, dialects: 3, mystery: 2,
  };
  const long: string[] = [];
  await page.goto('./#/present/ready/1');
  for (const [id, count] of Object.entries(steps)) {
    for (let step = 1; step <= count; step++) {
      await page.evaluate((hash) => (location.hash = hash), `#/present/${id}/${step}`);
      await expect(page.locator('.room')).toContainText(`Step ${step} of ${count}`);
      await expect(page.locator('.room .address')).toContainText(`/learn/${id}/${step}`);
      const over = await page.locator('.present .lesson').evaluate((node) => node.scrollHeight - node.clientHeight);
      if (over > 0) long.push(`${id}/${step}: ${over} px`);
    }
  }
  expect(long).toEqual([]);
});

test('a clicker leads through a lesson', async ({ page, picture, accessible }) => {
  await clicked(page);
  await accessible();
  await picture('room-work');
  await blanked(page);

  await page.goto('./#/present/strip/1');
  await page.keyboard.press('PageDown');
  await expect(page.locator('.present')).toContainText('What has the attacker when the session is over?');
  await expect(page.locator('.present')).not.toContainText('✓ right');
  await page.keyboard.press('.');
  await expect(page.locator('.present')).toContainText('✓ right');
});

test('the notes follow in a window of their own, and lead', async ({ page, context, accessible }) => {
  await page.goto('./#/present/strip/1');
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Notes' }).click();
  const notes = await opened;
  await expect(notes.getByRole('heading', { level: 1 })).toHaveText('Two words less');
  await expect(notes.getByText('Let them find that row.')).toBeVisible();
  await accessible(notes);
  await page.evaluate(() => (location.hash = '#/present/strip/2'));
  await expect(notes.getByRole('heading', { level: 1 })).toHaveText('Who could have stopped this?');
  await notes.getByRole('button', { name: 'On' }).click();
  await expect(page.locator('.present .ladder')).toBeVisible();
});
