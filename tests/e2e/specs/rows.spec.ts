// Finding one's way in a session: rows by words, many alike as one, marks, words explained, octets, print.
import { expect, test } from '../fixtures';
import { news, open, panel, paste } from '../steps';
import type { Page } from '@playwright/test';

/** A log with many lines alike, and one that matters among them. */
const log = (count: number) =>
  [
    'S: * OK ready',
    'C: a1 CAPABILITY',
    'S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED',
    'S: a1 OK done',
    'C: a2 LOGIN joe swordfish',
    'S: a2 OK in',
    'C: a3 SELECT INBOX',
    'S: a3 OK done',
    'C: a4 FETCH 1:* FLAGS',
    ...Array.from({ length: count }, (_, n) => `S: * ${n + 1} FETCH (FLAGS (\\Seen))`),
    'S: a4 OK done',
  ].join('\n');

const opened = async (page: Page, count: number) => {
  await open(page);
  await paste(page, log(count));
  await expect(page.getByRole('listitem', { name: /a4 OK done/ })).toBeVisible();
};
const finder = (page: Page) => page.getByLabel('Find rows');
const strip = (page: Page) => page.locator('span.strip rect:not(.line, .here)');

test('rows are found by words, with what is around them, and the address keeps it', async ({ page, accessible, picture }) => {
  await page.goto('./#/?p=imap&a=strip-capability');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.keyboard.press('End');
  const all = await page.locator('li.row').count();
  await page.keyboard.press('/');
  await expect(finder(page)).toBeFocused();
  await page.keyboard.type('secret or bye');
  await expect(page).toHaveURL(/f=secret%20or%20bye/);
  await expect(page.locator('.sieve [role=status]')).toHaveText(/^\d+ rows?$/);
  await page.keyboard.press('Escape');
  await expect(page.locator('#ladder')).toBeFocused();
  await page.reload();
  await expect(finder(page)).toHaveValue('secret or bye');
  await page.keyboard.press('End');
  expect(await page.locator('li.row').count()).toBeLessThanOrEqual(all);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect(page.locator('li.row')).toHaveCount(all);
  await expect(page).not.toHaveURL(/f=/);

  await opened(page, 200);
  await finder(page).fill('secret or starttls');
  await expect(page.locator('.sieve [role=status]')).toHaveText('2 rows');
  // Two matches, two neighbours on either side, and the row where one stands.
  expect(await page.locator('li.row').count()).toBeLessThan(12);
  await expect(page.locator('li.gap')).toHaveText([/^20\d rows not shown$/]);
  await accessible();
  await picture('rows-found');
  // It finds what is folded, too.
  await finder(page).fill('150 fetch');
  await expect(page.getByRole('listitem', { name: /\* 150 FETCH/ })).toBeVisible();
  await expect(page.locator('.sieve [role=status]')).toHaveText('1 row');
  expect(await page.evaluate(() => location.hash)).not.toContain('fetch');
});

test('many rows alike are one, which opens, and on paper all are there', async ({ page, accessible, picture }) => {
  await opened(page, 200);
  const fold = page.locator('li.gap button');
  await expect(fold).toHaveText(/^199 more rows like it \(\* … FETCH\), lines 11 to 209$/);
  await expect(page.locator('li.row')).toHaveCount(11);
  await accessible();
  await picture('rows-folded');
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await expect(page.locator('li.row')).toHaveCount(210);
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(page.locator('li.row')).toHaveCount(11);
  await fold.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('li.row')).toHaveCount(210);
});

test('a session prints: every row and verdict, and nothing cut off', async ({ page, picture }) => {
  await open(page);
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await page.setViewportSize({ width: 680, height: 960 });
  const rows = page.locator('li.row');
  const count = await rows.count();
  for (let row = 0; row < count; row++) await expect(rows.nth(row)).toBeVisible();
  await expect(page.locator('.verdicts')).toBeVisible();
  for (const gone of ['.bar', '.rail', '.tools', '.sieve', '.turns']) await expect(page.locator(gone)).toBeHidden();
  const cut = await page.evaluate(() => {
    const texts = [...document.querySelectorAll<HTMLElement>('.row code, .row .note, .band, .verdict button, .score')];
    const wide = texts.filter((text) => text.scrollWidth > text.clientWidth + 1 || text.getBoundingClientRect().right > innerWidth + 1);
    return { wide: wide.map((text) => text.textContent?.slice(0, 60)), over: document.documentElement.scrollWidth - innerWidth };
  });
  expect(cut).toEqual({ wide: [], over: 0 });
  await picture('print');
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  const sheets = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  expect(sheets).toBeGreaterThan(0);
  expect(sheets).toBeLessThan(8);
});

test('the marks of a session: a strip to see, F8 to go', async ({ page }) => {
  await opened(page, 3);
  await expect(strip(page)).not.toHaveCount(0);
  await expect(page.locator('span.strip rect.broken')).not.toHaveCount(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('F8');
  const said = page.getByRole('status').last();
  await expect(said).toContainText(/^(a rule is broken|a secret is readable|the ground changes)\./);
  const first = await page.locator('li.row.now .number').textContent();
  await page.keyboard.press('Shift+F8');
  await expect(said).toContainText(/^From the end: /);
  await page.keyboard.press('F8');
  await expect(said).toContainText(/^From the beginning: /);
  await expect(page.locator('li.row.now .number')).toHaveText(first ?? '');
  const box = await page.locator('span.strip').boundingBox();
  await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) - 2, (box?.y ?? 0) + 4);
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuetext', /^line 1\d of/);
});

test('the pace of playing is one’s own', async ({ page }) => {
  await open(page);
  const pace = page.getByLabel('Pace of playing');
  await page.keyboard.press('>');
  await expect(pace).toHaveValue('2 ×');
  await page.keyboard.press('>');
  await page.keyboard.press('>');
  await expect(pace).toHaveValue('4 ×');
  const slider = page.getByRole('slider', { name: 'Step' });
  const steps = Number(await slider.getAttribute('max'));
  const before = Date.now();
  await page.keyboard.press(' ');
  await expect(slider).toHaveValue(String(steps), { timeout: 60_000 });
  // Four tenths of a second each: a busy machine is slow, but not quick.
  expect(Date.now() - before).toBeGreaterThan(steps * 300);
  await page.keyboard.press('<');
  await expect(pace).toHaveValue('2 ×');
});

test('playing stops at a broken rule, a secret, another state or a row of one’s choice, and says why', async ({ page, accessible }, info) => {
  await open(page);
  const slider = page.getByRole('slider', { name: 'Step' });
  const status = page.getByRole('status').last();
  await page.keyboard.press('>');
  await page.keyboard.press('>');
  // Here, by key: on every page.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('p');
  await expect(status).toHaveText('Plays to event 3');
  await page.keyboard.press('Home');
  await page.keyboard.press(' ');
  await expect(status).toContainText('Stopped at event 3: you chose this one');
  await expect(slider).toHaveValue('2');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(news(page)).toHaveText('Stopped at event 3: you chose this one');
  await page.keyboard.press('p');
  await expect(status).toHaveText('Plays to the end');
  if (info.project.name.includes('phone')) return;
  const far = page.getByLabel('How far playing goes');
  for (const [how, why] of [
    ['to another state', /Stopped at event \d+: the (client|server) is now in the state “.+”/],
    ['to a readable secret', /Stopped at event 5: a secret is readable/],
    ['to a broken rule', /Stopped at event 5: a rule is broken, “.+”/],
  ] as const) {
    await far.selectOption(how);
    await page.locator('#ladder').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press(' ');
    await expect(status).toContainText(why);
    await expect(page.locator('li.row.now')).toHaveCount(1);
  }
  await accessible();
});

test('each word of a message says what it is, and octets can be taken along', async ({ page, accessible, picture }) => {
  await page.addInitScript(() => {
    const kept = { writeText: async (text: string) => void ((window as unknown as { kept: string }).kept = text) };
    Object.defineProperty(navigator, 'clipboard', { value: kept });
  });
  const kept = () => page.evaluate(() => (window as unknown as { kept: string }).kept);
  await opened(page, 3);
  await panel(page, 'Bytes');
  const bytes = page.getByRole('region', { name: 'Bytes' });
  const at = async (text: RegExp) => page.getByRole('listitem', { name: text }).locator('.number').click();
  await at(/a2 LOGIN/);
  await expect(bytes.locator('.words dt')).toHaveText(['a2', 'LOGIN', 'joe', '••••••••']);
  await expect(bytes.locator('.words')).toContainText('Logs in with name and password, both as plain words. RFC 3501, section 6.2.3');
  await accessible();
  await picture('words');
  await bytes.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(kept).toBe('a2 LOGIN joe ••••••••\r\n');
  await at(/a1 CAPABILITY/);
  await bytes.getByRole('button', { name: 'Copy escaped' }).click();
  await expect.poll(kept).toBe('a1 CAPABILITY\\r\\n');
  await bytes.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect.poll(kept).toBe('a1 CAPABILITY\r\n');
  await expect(bytes.getByRole('status')).toHaveText('The message is on the clipboard.');
});
