import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';
import { open, panel, score } from '../steps';

test('a client that somebody describes meets the attack on the workbench', async ({ page, accessible, picture }) => {
  await page.goto('./#/own');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Describe your own');
  await accessible();
  await picture('own');
  await page.getByLabel('Its name').fill('Pigeon 3');
  await page.getByLabel('Its name').press('Enter');
  await page.getByLabel('Does it use STARTTLS?').selectOption('required');
  await expect(page.getByRole('heading', { name: /^1 of \d+ questions answered/ })).toBeVisible();

  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save as a text file' }).click();
  const text = readFileSync(await (await saved).path()).toString();
  expect(text).toContain('title = Pigeon 3');
  expect(text).toContain('tls = required');

  await page.getByRole('button', { name: 'Use it on the workbench' }).click();
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has nothing');
  await panel(page, 'Switches');
  const profile = page.getByLabel('Client profile');
  await expect(profile.locator('option:checked')).toHaveText('Pigeon 3');
  // A ready-made one and back again.
  await profile.selectOption({ label: 'TLS if offered' });
  await expect(score(page)).toContainText('The attacker has the password');
  await profile.selectOption({ label: 'Pigeon 3' });
  await expect(score(page)).toContainText('The attacker has nothing');
  await accessible();
  // Nothing was stored, since nobody asked.
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

test('a description is opened from a file, mistakes are named, and it is kept when asked', async ({ page, accessible, picture }) => {
  await page.goto('./#/own');
  const file = (text: string) => ({ name: 'my.profile', mimeType: 'text/plain', buffer: Buffer.from(text) });
  const chooser = page.getByLabel('Open a text file');
  await chooser.setInputFiles(file('side = server\ntitle = Attic\nlogindisabled = maybe\n'));
  await expect(page.getByRole('alert')).toContainText(/my\.profile: line 3, column \d+/);
  await accessible();
  await picture('own-wrong');
  await chooser.setInputFiles(file('side = server\ntitle = Attic\nlogindisabled = off\n'));
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('radio', { name: 'A server' })).toBeChecked();
  await expect(page.getByLabel('Its name')).toHaveValue('Attic');
  await page.getByRole('switch', { name: 'Keep it on this device' }).check();
  await page.goto('./#/');
  await page.reload();
  await panel(page, 'Switches');
  await page.getByLabel('Server profile').selectOption({ label: 'Attic' });
  await expect(page.getByRole('switch', { name: 'LOGINDISABLED before TLS' })).not.toBeChecked();
  await page.goto('./#/own');
  await page.getByRole('radio', { name: 'A server' }).check();
  await page.getByRole('switch', { name: 'Keep it on this device' }).uncheck();
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});

test('a description is found from where profiles are chosen', async ({ page }) => {
  await open(page);
  await panel(page, 'Switches');
  await page.getByRole('link', { name: 'Describe your own client' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Describe your own');
});
