import { expect, test } from '../fixtures';
import { counts, open, panel, pasted } from '../steps';
import { readFileSync } from 'node:fs';

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

test('the first finding in a pasted log stands on the first screen of a desk, before what nobody said', async ({ page }, info) => {
  test.skip(info.project.name.includes('phone'), 'a phone has tabs');
  await open(page);
  await pasted(page, STRIPPED, /a2 AUTHENTICATE/);
  const first = page.locator('.verdicts > ul > li').first();
  await expect(first).toHaveClass(/verdict/);
  await expect(first).toContainText('broken');
  await expect(first).toBeInViewport({ ratio: 1 });
  const kinds = await page.locator('.verdicts > ul > li').evaluateAll((all) => all.map((one) => one.className));
  const between = kinds.findIndex((kind) => kind.includes('between'));
  expect(kinds.slice(0, between).every((kind) => kind.includes('fail'))).toBe(true);
  expect(kinds.slice(between + 1).some((kind) => kind.includes('fail'))).toBe(false);
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
  await expect(page.locator('.blind')).toContainText('Lists that came before the recording began.');
  for (const recording of await page.locator('.recording pre').all()) {
    expect(await recording.evaluate((pre) => pre.scrollWidth - pre.clientWidth), 'nothing is cut off').toBeLessThanOrEqual(0);
  }
  await accessible();
  await picture('examples');
  await page.locator('.recording.bad').getByRole('button', { name: 'Open it in the workbench' }).click();
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await panel(page, 'Verdicts');
  await expect(page.getByRole('button', { name: /broken client.*LOGINDISABLED/ })).toBeVisible();
});

test('a finding is set aside with a reason, is counted, undone, and stands in link and reports', async ({ page, accessible, picture, browser, baseURL }) => {
  test.slow();
  await open(page);
  await page.keyboard.press('End');
  await panel(page, 'Verdicts');
  const broken = page.locator('.verdicts > ul > li.verdict.fail');
  const before = await counts(page);
  await broken.first().locator('> button').click();
  const form = page.locator('.aside-form');
  await form.getByRole('button', { name: 'Set aside' }).click();
  // Without a reason nothing is set aside.
  await expect(page.locator('.set-aside')).toHaveCount(0);
  await form.getByLabel('Why it should not count here').fill('An old phone: it goes in spring');
  await form.getByLabel('Until').fill('2099-03-31');
  await form.getByLabel('Why it should not count here').press('Enter');
  const aside = page.locator('.set-aside');
  await expect(aside).toContainText('Set aside: An old phone: it goes in spring (until 2099-03-31)');
  await expect(page.locator('.counts')).toContainText(`${before[0] - 1} broken`);
  await expect(page.locator('.counts')).toContainText('1 set aside');
  await accessible();
  await picture('set-aside');
  await expect.poll(() => page.url()).toContain(':2099-03-31:An%20old%20phone');
  // Undone, done again, taken back by hand.
  await page.keyboard.press('Control+z');
  await expect(aside).toHaveCount(0);
  await expect(page.locator('.counts')).not.toContainText('set aside');
  await page.keyboard.press('Control+Shift+Z');
  await expect(aside).toHaveCount(1);
  await expect.poll(() => page.url()).toContain(':2099-03-31:An%20old%20phone');
  await page.reload();
  await panel(page, 'Verdicts');
  await page.keyboard.press('End');
  await expect(aside).toHaveCount(1);

  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await dialog.getByText('Other forms').click();
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name, exact: true }).click()]);
    return readFileSync(await download.path(), 'utf8');
  };
  const sarif = JSON.parse(await saved('Save SARIF report'));
  const results: { suppressions?: { justification: string }[] }[] = sarif.runs[0].results;
  const reasons = results.flatMap((result) => result.suppressions ?? []).map((one) => one.justification);
  expect(reasons).toEqual(['An old phone: it goes in spring']);
  expect(await saved('Save text report')).toContain('set aside: An old phone');
  expect(await saved('Save JSON report')).toContain('An old phone');
  expect(await saved('Save HTML report')).toContain('set aside: An old phone');
  expect(await saved('Save policy file')).toContain('until = "2099-03-31"');
  await dialog.getByRole('button', { name: 'Close' }).click();

  // Elsewhere the link says the same; after the last day it counts.
  const other = await browser.newPage({ baseURL });
  await other.goto(`./${new URL(page.url()).hash.replace('2099', '2020')}`);
  await other.keyboard.press('End');
  await panel(other, 'Verdicts');
  await expect(other.locator('.counts')).toContainText(`${before[0]} broken`);
  await expect(other.locator('.counts')).not.toContainText('set aside');
  await other.close();

  await aside.getByRole('button', { name: 'Let it count again' }).click();
  await expect(aside).toHaveCount(0);
});

test('what is set aside in a log is in no address, and in the link that is shared', async ({ page }) => {
  await open(page);
  await pasted(page, STRIPPED, /a2 AUTHENTICATE/);
  await panel(page, 'Verdicts');
  await page.locator('.verdicts > ul > li.verdict.fail > button').first().click();
  await page.getByLabel('Why it should not count here').fill('known');
  await page.locator('.aside-form').getByRole('button', { name: 'Set aside' }).click();
  await expect(page.locator('.set-aside')).toHaveCount(1);
  expect(page.url()).not.toContain('aside');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await expect(dialog.getByRole('textbox', { name: 'The link' })).toHaveValue(/&aside=[^&]*:known/);
  await dialog.getByRole('button', { name: 'Close' }).click();
  // Another log has nothing to do with it.
  await pasted(page, STRIPPED.replaceAll('a2', 'b2'), /b2 AUTHENTICATE/);
  await expect(page.locator('.set-aside')).toHaveCount(0);
});
