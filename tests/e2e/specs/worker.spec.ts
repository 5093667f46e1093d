// What the page has done on another thread: large inputs and captures.
import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';
import { drop, dropAll, open, paste, score } from '../steps';

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url));
const capture = 'corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap';

/** A log of so many lines. */
const long = (lines: number) => {
  const all = ['S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready'];
  for (let n = 0; n < lines / 2; n++) all.push(`C: a${n} NOOP ${'x'.repeat(40)}`, `S: a${n} OK completed`);
  return all.join('\n');
};

test('a capture is opened without a server', async ({ page, accessible }) => {
  await open(page);
  await drop(page, 'client.pcap', file(capture));
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
  await expect(page.locator('.story')).toContainText('Packet capture (pcap)');
  await expect(page.locator('li.row').first()).toBeVisible();
  await accessible();
});

test('a small log needs no worker, and the next one is asked for only once', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page);
  await paste(page, 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n');
  await expect(page.locator('li.row')).toHaveCount(3);
  expect(asked.filter((path) => /worker/.test(path))).toEqual([]);
  for (const name of ['one.pcap', 'two.pcap']) {
    await drop(page, name, file(capture));
    await expect(page.getByRole('heading', { name })).toBeVisible();
  }
  // The loader, the script, the module.
  expect(asked.filter((path) => /worker/.test(path))).toHaveLength(3);
});

test('while the worker reads a long log, the page goes on', async ({ page }) => {
  await open(page);
  // Turns that the page has had when it shows how far the worker is.
  await page.evaluate(() => {
    const counted = { turns: 0 };
    Object.assign(window, { counted });
    const turn = () => {
      if (document.querySelector('.news progress')) counted.turns += 1;
      setTimeout(turn, 0);
    };
    turn();
  });
  await drop(page, 'long.log', Buffer.from(long(100_000)));
  await expect(page.getByRole('heading', { name: 'long.log' })).toBeVisible({ timeout: 80_000 });
  await expect(page.locator('.story')).toContainText('C: and S: lines');
  expect(await page.evaluate(() => (window as unknown as { counted: { turns: number } }).counted.turns)).toBeGreaterThan(20);
});

test('another rule set over a long log is judged in slices, and can be stopped', async ({ page }) => {
  await open(page);
  await drop(page, 'long.log', Buffer.from(long(40_000)));
  await expect(page.getByRole('heading', { name: 'long.log' })).toBeVisible({ timeout: 80_000 });
  const then = page.getByRole('radio', { name: 'as of 1999' });
  const today = page.getByRole('radio', { name: 'as of today' });
  const client = page.locator('.policies').getByRole('combobox').first();
  const judging = page.locator('.news').getByText('Judging again');
  // How often the page was drawn on while it judged; stopped at the first sight of it, if that is wished.
  await page.evaluate(() => {
    const seen = { drawn: 0, cancel: false };
    Object.assign(window, { seen });
    new MutationObserver(() => {
      const news = document.querySelector('.news');
      if (!news?.textContent?.includes('Judging again')) return;
      seen.drawn += 1;
      if (seen.cancel) news.querySelector('button')?.click();
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  const cancel = (on: boolean) =>
    page.evaluate((on) => {
      Object.assign((window as unknown as { seen: object }).seen, { drawn: 0, cancel: on });
    }, on);
  const drawn = () => page.evaluate(() => (window as unknown as { seen: { drawn: number } }).seen.drawn);
  await then.check();
  await expect(judging).toHaveCount(0, { timeout: 80_000 });
  expect(await drawn()).toBeGreaterThan(0);
  await expect(then).toBeChecked();
  // Stopped, it is judged as it was, and the choice says so.
  await cancel(true);
  await today.click();
  await expect.poll(drawn).toBeGreaterThan(0);
  await expect(judging).toHaveCount(0);
  await expect(then).toBeChecked();
  await cancel(true);
  await client.selectOption('tls-required');
  await expect.poll(drawn).toBeGreaterThan(0);
  await expect(client).toHaveValue('');
  await cancel(false);
  await client.selectOption('tls-required');
  await expect.poll(drawn).toBeGreaterThan(0);
  await expect(judging).toHaveCount(0, { timeout: 80_000 });
  await expect(client).toHaveValue('tls-required');
  await expect(then).toBeChecked();
});

test('reading can be stopped, and the page is as it was', async ({ page }) => {
  await open(page);
  const rows = await page.locator('li.row').count();
  await drop(page, 'long.log', Buffer.from(long(200_000)));
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.locator('progress')).toHaveCount(0);
  await expect(page.locator('li.row')).toHaveCount(rows);
  await drop(page, 'client.pcap', file(capture));
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
});

test.describe('where nothing is kept', () => {
  // What is kept for the time without network would be the worker, too.
  test.use({ serviceWorkers: 'block' });

  test('without a worker a long log is read all the same, and of a capture it says why not', async ({ page, wrong }) => {
    await page.route('**/worker*', (route) => route.abort());
    await open(page);
    await drop(page, 'long.log', Buffer.from(long(8000)));
    await expect(page.getByRole('heading', { name: 'long.log' })).toBeVisible();
    await drop(page, 'client.pcap', file(capture));
    await expect(page.getByRole('alert')).toContainText('Captures are read by a worker, and there is none');
    await expect(score(page)).toBeVisible();
    wrong.splice(0);
  });
});

test('a picture among good files is named, whoever reads', async ({ page }) => {
  await open(page);
  await dropAll(page, [
    ['client.pcap', file(capture)],
    ['photo.jpg', file('cli/photo.jpg')],
  ]);
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
  await expect(page.locator('.story')).toContainText('photo.jpg was not read');
});
