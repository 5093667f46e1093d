import { expect, test } from '../fixtures';
import { open, panel, pasted } from '../steps';

const STRIPPED = [
  'S: * OK ready',
  'C: a1 CAPABILITY',
  'S: * CAPABILITY IMAP4rev1 AUTH=PLAIN',
  'S: a1 OK done',
  'C: a2 AUTHENTICATE PLAIN AGFuYQBzM2NyZXQ=',
  'S: a2 OK done',
].join('\n');

test('a verdict says why its rule did not fire, and leads to the event', async ({ page, accessible, picture }) => {
  await open(page);
  await page.keyboard.press('End');
  await panel(page, 'Verdicts');
  await page.locator('.verdict.pass button').first().click();
  const why = page.locator('.why');
  await expect(why).toContainText('Why it did not fire');
  await expect(why).toContainText('Not met: ');
  await expect(why.getByRole('listitem')).not.toHaveCount(0);
  await accessible();
  await picture('why');
  const lead = why.locator('button.place').first();
  const place = (await lead.textContent()) ?? '';
  await lead.click();
  await expect(page.locator('li.row[aria-current="step"]')).toBeVisible();
  expect(place).toMatch(/^event \d+$/);
});

test('what is listed is chosen and stands in the address', async ({ page, accessible, picture }) => {
  await open(page);
  await page.keyboard.press('End');
  await panel(page, 'Verdicts');
  const listed = page.locator('.verdicts > ul > li.verdict');
  const all = await listed.count();
  await page.getByText('Choose what is listed').click();
  await page.getByLabel('Strictness').selectOption('must');
  await expect.poll(() => listed.count()).toBeLessThan(all);
  await page.getByLabel('Outcome').selectOption('fail');
  await expect(page.locator('.verdicts > ul > li.verdict:not(.fail)')).toHaveCount(0);
  await accessible();
  await picture('chosen');
  await expect.poll(() => page.url()).toContain('min=must&out=fail');
  await page.reload();
  await page.keyboard.press('End');
  await expect(page.locator('.verdicts > ul > li.verdict:not(.fail)')).toHaveCount(0);
  await expect(page.getByLabel('Strictness')).toHaveValue('must');
});

test('a recording does not say how its ends are set, and the person can', async ({ page, accessible, picture }) => {
  await open(page);
  await pasted(page, STRIPPED, /a2 AUTHENTICATE/);
  await panel(page, 'Verdicts');
  const mode = page.getByRole('button', { name: /When TLS is required, nobody logs in without it/ }).first();
  await expect(mode).toContainText('cannot tell');
  await page.locator('.policies').getByLabel('The client').selectOption('tls-required');
  const broken = page.getByRole('button', { name: /broken client.*When TLS is required/ });
  await expect(broken).toBeVisible();
  await broken.click();
  await expect(page.locator('.reason')).toContainText('It is assumed that the client requires TLS');
  await page.getByText(/1999 and today differ on/).click();
  await expect(page.locator('.turned')).toContainText('PLAIN outside TLS');
  await expect(page.locator('.turned')).toContainText('as of 1999');
  await accessible();
  await picture('policies');
});

test('what is assumed travels with the link', async ({ page, browser, baseURL }) => {
  await page.addInitScript(() => {
    const kept = { writeText: async (text: string) => void ((window as unknown as { kept: string }).kept = text) };
    Object.defineProperty(navigator, 'clipboard', { value: kept });
  });
  await open(page);
  await pasted(page, STRIPPED, /a2 AUTHENTICATE/);
  await panel(page, 'Verdicts');
  await page.locator('.policies').getByLabel('The client').selectOption('tls-required');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect(dialog.getByText('The link is on the clipboard.')).toBeVisible();
  const link = await page.evaluate(() => (window as unknown as { kept: string }).kept);
  expect(link).toContain('&as=tls-required');
  const other = await browser.newPage({ baseURL });
  await other.goto(`./${link.slice(link.indexOf('#'))}`);
  await panel(other, 'Verdicts');
  await expect(other.locator('.policies').getByLabel('The client')).toHaveValue('tls-required');
  await expect(other.getByRole('button', { name: /broken client.*When TLS is required/ })).toBeVisible();
  await other.close();
});

test('an example opens in the workbench from the page of its rule', async ({ page, accessible, picture }) => {
  await page.goto('./#/rules/A16');
  await expect(page.locator('.recording.bad pre')).toContainText('LOGINDISABLED');
  await accessible();
  await picture('examples');
  await page.locator('.recording.bad').getByRole('button', { name: 'Open it in the workbench' }).click();
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await panel(page, 'Verdicts');
  await expect(page.getByRole('button', { name: /broken client.*LOGINDISABLED/ })).toBeVisible();
});
