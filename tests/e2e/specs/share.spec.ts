// The way out of the page: what leaves is redacted, shown first, and opens again elsewhere.
import { expect, test } from '../fixtures';
import { counts, LOG, open, paste, pasted, PRIVATE } from '../steps';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';

const share = async (page: Page) => {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await expect(dialog.getByText('Leak check: PASS')).toBeVisible();
  return dialog;
};

/** What the page puts on the clipboard, in a browser that lets no test read it. */
const clipboard = (page: Page) =>
  page.addInitScript(() => {
    const kept = { writeText: async (text: string) => void ((window as unknown as { kept: string }).kept = text) };
    Object.defineProperty(navigator, 'clipboard', { value: kept });
  });
const kept = (page: Page) => page.evaluate(() => (window as unknown as { kept: string }).kept);

/** How many colours a picture has: an empty one has one. */
const colours = (page: Page, png: Buffer) =>
  page.evaluate(async (text) => {
    const image = new Image();
    image.src = `data:image/png;base64,${text}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return seen.size;
  }, png.toString('base64'));

test('a log leaves without what is private, and its link opens elsewhere with the same findings', async ({
  page,
  browser,
  baseURL,
  accessible,
  picture,
}) => {
  await clipboard(page);
  await open(page);
  await paste(page, LOG);
  await expect(page.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  const before = await counts(page);
  const dialog = await share(page);
  await expect(dialog.locator('.items summary')).toContainText('1 password');
  await expect(dialog.locator('.items summary')).toContainText('1 user name');
  const preview = dialog.getByRole('region', { name: 'What will be shared' });
  await expect(preview).toContainText('a2 LOGIN');
  expect(await dialog.innerText()).not.toMatch(PRIVATE);
  await dialog.locator('.items summary').click();
  expect(await dialog.innerText()).not.toMatch(PRIVATE);
  await accessible();
  await picture('share');

  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect(dialog.getByText('The link is on the clipboard.')).toBeVisible();
  const link = await kept(page);
  expect(link.length).toBeLessThan(8000);
  const packed = /z=1\.([\w-]+)/.exec(link)?.[1] ?? '';
  const text = inflateSync(Buffer.from(packed, 'base64url')).toString();
  expect(text).toContain('LOGIN');
  expect(link + text).not.toMatch(PRIVATE);

  await dialog.getByRole('button', { name: 'Copy Markdown' }).click();
  await expect(dialog.getByText('The report is on the clipboard.')).toBeVisible();
  const markdown = await kept(page);
  expect(markdown).toContain(link);
  expect(markdown).toContain('LOGIN');
  expect(markdown).not.toMatch(PRIVATE);

  for (const [name, ending, holds] of [
    ['Save file', '.jsonl', 'session/1'],
    ['Save HTML report', '.html', '<html'],
    ['Save picture (SVG)', '.svg', '<title'],
  ] as const) {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`starttls-session${ending}`);
    const content = readFileSync(await file.path(), 'utf8');
    expect(content).toContain(holds);
    expect(content).not.toMatch(PRIVATE);
  }

  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save picture (PNG)' }).click();
  const png = readFileSync(await (await download).path());
  // The signature, and a picture of twice the width of the other one.
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(1920);
  expect(png.readUInt32BE(20)).toBeGreaterThan(400);
  expect(await colours(page, png)).toBeGreaterThan(20);

  const elsewhere = await browser.newContext({ baseURL });
  const other = await elsewhere.newPage();
  await other.goto(link);
  await expect(other.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  expect(await counts(other)).toEqual(before);
  expect(await other.content()).not.toMatch(PRIVATE);
  // It stays in the address: a reload shows it again.
  await other.reload();
  await expect(other.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();

  // Cut off on its way: a sentence, and what is on the table stays there.
  await other.evaluate((hash) => (location.hash = hash), `#/?z=1.${packed.slice(0, -9)}`);
  await expect(other.getByText(/This link cannot be opened: it is cut off or was altered/)).toBeVisible();
  await expect(other.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  expect(await counts(other)).toEqual(before);
  await elsewhere.close();
});

test('what somebody looked for does not leave with a log', async ({ page }) => {
  await clipboard(page);
  await open(page);
  await paste(page, LOG);
  await expect(page.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  // A part of a name, which no search for the whole of it would find.
  await page.getByLabel('Find rows').fill('wilhel');
  await expect(page.locator('.sieve [role=status]')).toHaveText('1 row');
  const dialog = await share(page);
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect.poll(() => kept(page)).toMatch(/z=1\./);
  expect(await kept(page)).not.toMatch(/wilhel|[&?]f=/);
});

test('a damaged link says what is wrong with it, and the page works', async ({ page, accessible }) => {
  await page.goto('./#/?z=1.eNrLSM3JyQcABiw');
  await expect(page.getByText(/This link cannot be opened/)).toBeVisible();
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await accessible();
  await page.goto('./#/?z=9.abc');
  await expect(page.getByText(/made by a later version/)).toBeVisible();
});

test('text in a link is a log, and does not stay in the address', async ({ page }) => {
  await page.goto(`./#t=${encodeURIComponent(LOG)}`);
  await expect(page.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  await expect.poll(() => page.evaluate(() => location.hash)).not.toMatch(PRIVATE);
});

test('a simulation is shared by its setup, from the keyboard', async ({ page, accessible }) => {
  await clipboard(page);
  await open(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await expect(dialog.getByText('Leak check: PASS')).toBeVisible();
  await accessible();
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect.poll(() => kept(page)).toMatch(/#\/\?.*e=\d+/);
  await dialog.getByRole('switch', { name: 'The link opens at the selected step' }).click();
  await expect(dialog.getByText('Leak check: PASS')).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'The link' })).not.toHaveValue(/[?&]e=/);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a name stays when its switch says so, one by one, and can be hidden again; a secret has no switch', async ({ page }) => {
  await open(page);
  await pasted(page, 'S: * OK ready\nC: a1 LOGIN wilhelmina swordfish7\nS: a1 OK done\nC: a2 LOGIN konstantin pikeperch8\nS: a2 OK done\n', /wilhelmina/);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  const seen = dialog.getByRole('region', { name: 'What will be shared' });
  await expect(seen).toContainText('user1');
  await dialog.getByText('Found and hidden: 2 passwords, 2 user names').click();
  const names = dialog.getByRole('switch', { name: /^A user name/ });
  await expect(names).toHaveCount(2);
  await expect(dialog.getByRole('switch', { name: /^A password/ })).toHaveCount(0);
  await names.first().check();
  await expect(seen).toContainText('wilhelmina');
  await expect(seen).not.toContainText('konstantin');
  await expect(seen).not.toContainText('swordfish7');
  await expect(dialog.getByText('Leak check: PASS')).toBeVisible();
  await expect(dialog.getByText('Found and hidden: 2 passwords, 1 user name')).toBeVisible();
  await expect(names.first()).toBeFocused();
  await names.first().uncheck();
  await expect(seen).not.toContainText('wilhelmina');
});
