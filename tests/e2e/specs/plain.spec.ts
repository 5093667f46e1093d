import { expect, test } from '../fixtures';

const octets = (page: import('@playwright/test').Page) => page.getByRole('list', { name: 'The message, in groups of three octets' });

test('a message is built octet by octet, and the password shows only when asked', async ({ page, accessible, picture }) => {
  await page.goto('./#/plain');
  await expect(page.getByRole('heading', { name: '21 octets' })).toBeVisible();
  await expect(octets(page).getByRole('listitem')).toHaveCount(7);
  await expect(page.getByText('✓ RFC 4616 section 2 takes it')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.outerHTML)).not.toMatch(/tanstaaf|dGFuc3RhYWZ/);
  await accessible();
  await picture('plain-build');
  await page.getByRole('switch', { name: 'Show the password’s octets' }).check();
  await expect(octets(page)).toContainText('AHRp');
  await expect(page.locator('.wire')).toContainText('a1 AUTHENTICATE PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm');
  await page.getByLabel('Whose mailbox (authzid)').fill('ana');
  await expect(page.getByRole('heading', { name: '24 octets' })).toBeVisible();
  await page.getByLabel('Who logs in (authcid)').fill('');
  await expect(page.locator('.mistakes')).toContainText('octet 4');
  await expect(page.getByText('✕ RFC 2595 section 6 refuses it')).toBeVisible();
  await accessible();
  await picture('plain-build-wrong');
  // A password is in no address, and stays while one looks elsewhere.
  expect(await page.evaluate(() => location.hash)).toBe('#/plain');
  await page.getByRole('link', { name: 'About' }).click();
  await page.goBack();
  await expect(page.getByLabel('Whose mailbox (authzid)')).toHaveValue('ana');
});

test('a message is taken apart, whatever it is written as, and each mistake has its place', async ({ page, accessible, picture }) => {
  await page.goto('./#/plain');
  await page.getByRole('radio', { name: 'Take one apart' }).check();
  const text = page.getByLabel('The message', { exact: true });
  await page.getByRole('button', { name: 'A damaged copy of it' }).click();
  await expect(text).toHaveValue('\\0tim\\0tanstaaf\\0tanstaaf');
  await expect(page.getByRole('heading', { name: '22 octets' })).toBeVisible();
  await expect(page.locator('.mistakes')).toContainText('octet 13');
  await accessible();
  await picture('plain-apart');
  await page.getByRole('button', { name: 'A line break inside' }).click();
  await expect(page.getByText('✕ RFC 2595 section 6 refuses it')).toBeVisible();
  await expect(page.getByText('✓ RFC 4616 section 2 takes it')).toBeVisible();
  await page.getByRole('button', { name: 'Broken base64' }).click();
  await expect(page.locator('.mistakes .place').first()).toHaveText(/^letter \d+/);
  await accessible();
  await picture('plain-broken');
  await page.getByRole('radio', { name: 'hexadecimal' }).check();
  await text.fill('00 7g');
  await expect(page.getByRole('alert')).toHaveText('Character 5 is no hexadecimal digit: “g”.');
  await text.fill('61 00 62 00 63');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: '5 octets' })).toBeVisible();
  await accessible();
});

test('a paste into a field of the tool stays there', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('./#/plain');
  await page.getByRole('radio', { name: 'Take one apart' }).check();
  await page.evaluate(() => navigator.clipboard.writeText('AGEAYg=='));
  const text = page.getByLabel('The message', { exact: true });
  await text.fill('');
  await text.focus();
  await page.keyboard.press('Control+v');
  await expect(text).toHaveValue('AGEAYg==');
  await expect(page.getByRole('heading', { name: '4 octets' })).toBeVisible();
});
