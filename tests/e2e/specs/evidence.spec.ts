import { expect, test } from '../fixtures';
import { open, panel } from '../steps';

test('a verdict lights its evidence and says where', async ({ page, accessible, picture }) => {
  await open(page);
  await page.keyboard.press('End');
  const verdict = page.getByRole('button', { name: /broken client.*Without TLS the client warns/ });
  await expect(verdict).toContainText('RFC 2595 section 9 · event 5');
  await verdict.click();
  await expect(verdict).toHaveAttribute('aria-pressed', 'true');
  const lit = page.locator('li.row.lit');
  await expect(lit).toHaveCount(1);
  await expect(lit).toHaveAttribute('aria-current', 'step');
  await expect(lit).toBeInViewport();
  await expect(page.getByRole('status').last()).toContainText('a2 LOGIN tim (secret)');
  await expect(page.locator('.verdict .reason')).toContainText('Why');
  await accessible();
  await picture('evidence');
  await verdict.click();
  await expect(lit).toHaveCount(0);
});

test('an event shows its bytes and what both sides believe', async ({ page, accessible, picture }) => {
  await open(page);
  await page.keyboard.press('End');
  await page.getByRole('button', { name: /^event 3: Server to client/ }).click();
  await panel(page, 'Bytes');
  const bytes = page.getByRole('region', { name: 'Bytes' });
  await expect(bytes).toContainText('Bytes of event 3');
  await expect(bytes.locator('figcaption')).toHaveText(['as the server sent it', 'as the client got it']);
  await expect(bytes.locator('table').first()).toContainText('2a 20 43 41 50 41 42 49');
  await expect(bytes.locator('table').first()).toContainText('* CAPABI');
  await accessible();
  await picture('bytes');

  await panel(page, 'Beliefs');
  const client = page.getByRole('region', { name: 'The client believes' });
  await expect(client).toContainText('event 3, before TLS');
  await expect(client.getByRole('listitem')).not.toContainText(['STARTTLS']);
  const server = page.getByRole('region', { name: 'The server said' });
  await expect(server.getByText('STARTTLS', { exact: true })).toBeVisible();
  await expect(server.getByText('IMAP4rev1', { exact: true }), 'in the letters of the wire').toBeVisible();
  await accessible();
  await picture('beliefs');
});

test('verdicts come when their last event has come, or all at once when asked', async ({ page, accessible, picture }) => {
  await open(page);
  const warned = page.getByRole('button', { name: /broken client.*Without TLS the client warns/ });
  await expect(page.getByRole('heading', { name: 'Verdicts so far' })).toBeVisible();
  await expect(page.locator('.open-rules')).toHaveText(/^\d+ rules not decided yet/);
  await expect(warned).toHaveCount(0);
  await accessible();
  await picture('so-far');
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await expect(warned).toBeVisible();
  await page.keyboard.press('Home');
  await expect(warned).toHaveCount(0);
  await page.getByRole('radio', { name: 'all at once' }).check();
  await expect(page.getByRole('heading', { name: 'Verdicts on the whole session' })).toBeVisible();
  await expect(warned).toBeVisible();
  await expect(page.locator('.open-rules')).toHaveCount(0);
});

test('a run that does not show something says so without asking for a recording', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  const unknown = page.locator('.verdict.unknown .message');
  await expect(unknown).not.toHaveCount(0);
  for (const text of await unknown.allTextContents()) expect(text).toMatch(/^This run does not show (?!.*record)/);
});

test('1999 and today judge differently', async ({ page, accessible }) => {
  await open(page);
  await page.keyboard.press('End');
  const rule = page.getByText('Until TLS is good enough, the client does nothing but ask for it');
  await expect(rule).toBeVisible();
  await page.getByRole('radio', { name: 'as of 1999' }).check();
  await expect(rule).toBeHidden();
  await expect(page.locator('.news')).toContainText(/Changed: \d+ verdicts? (is|are) different/);
  await accessible();
  await page.getByRole('radio', { name: 'as of today' }).check();
  await expect(rule).toBeVisible();
});

test('a password is nowhere in the page', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  for (const name of ['Bytes', 'Beliefs', 'Verdicts']) {
    await panel(page, name);
    // Every row in turn, since the bytes follow the row.
    const html = await page.evaluate(async () => {
      const seen: string[] = [];
      for (const button of document.querySelectorAll<HTMLElement>('li.row .number')) {
        button.click();
        await new Promise((resolve) => setTimeout(resolve, 0));
        seen.push(document.documentElement.outerHTML, document.body.textContent ?? '');
      }
      return seen.join('');
    });
    expect(html).not.toMatch(/tanstaaf|74 61 6e 73 74|dGFuc3RhYWZ/i);
  }
});
