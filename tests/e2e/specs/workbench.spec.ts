import { expect, test } from '../fixtures';
import { defend } from '../steps';

test('keys step to the loss, the remedy prevents it', async ({ page, picture, accessible }) => {
  await page.goto('./');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('The attacker has the password');
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuetext', 'event 5 of 10: password visible');
  await expect(page.getByRole('status').last()).toContainText('a2 LOGIN tim (secret)');
  await accessible();
  await picture('password');

  await defend(page);
  await expect(page.getByText(/^Changed: the attacker no longer gets the password/).first()).toBeVisible();
  await accessible();

  await page.keyboard.press('Home');
  await expect(page.locator('li.row:not(.later)')).toHaveCount(1);
  await page.keyboard.press('End');
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('The attacker has nothing');
});

test('a pasted transcript becomes the same view', async ({ page, picture, accessible }) => {
  await page.goto('./');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData('text/plain', 'S: * OK ready\nC: a1 LOGIN joe swordfish\nthis is no line of it\nS: a1 OK in\n');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByRole('region', { name: 'What happened' })).toContainText('A password crossed in the clear');
  await expect(page.getByRole('listitem', { name: /Client to server, in the clear: a1 LOGIN joe/ })).toBeVisible();
  await expect(page.locator('body')).not.toContainText('swordfish');
  await accessible();
  await picture('pasted');
});
