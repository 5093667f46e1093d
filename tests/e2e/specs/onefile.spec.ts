// The page in one file, opened from a disk, without a server.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from '../fixtures';
import { drop, paste } from '../steps';

const file = process.env.ONE_FILE ?? '';
const capture = readFileSync(
  new URL('../../corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap', import.meta.url),
);

test('a workshop is held with the one file', async ({ page }) => {
  test.skip(!file, 'ONE_FILE names no file');
  const open = async (hash: string, words: RegExp) => {
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    await expect(page.getByText(words).first()).toBeVisible();
  };
  await open('#/preflight', /Room check/);
  await open('#/learn', /The workshop, 45 minutes/);
  await open('#/present/strip/1', /Step 1 of/);
  await open('#/notes/strip/1', /To say/);
  await open('#/worksheet', /Name:/);
  await open('#/worksheet/key', /Worksheet/);
  await open('#/quiz', /Five questions/);
  await open('#/tally', /Tally/);
  await open('#/learn/strip/1', /Two words less/);
  await expect(page.locator('li.row')).not.toHaveCount(0);
});

test('the page in one file opens from a disk and needs nothing else', async ({ page, context, accessible }) => {
  test.skip(!file, 'ONE_FILE names no file');
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url().split(':')[0]));
  expect(readFileSync(file).length).toBeLessThan(5 * 1024 * 1024);
  await page.goto(pathToFileURL(file).href);
  await expect(page.locator('li.row').first()).toBeVisible();
  await accessible();
  await paste(page, 'S: * OK ready\nC: a1 LOGIN joe swordfish\nS: a1 OK done\n');
  await expect(page.locator('li.row')).toHaveCount(3);
  // Its worker stands in the file too.
  await drop(page, 'client.pcap', capture);
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
  await page.goto(`${pathToFileURL(file).href}#/about`);
  await expect(page.getByText('This copy is complete in itself')).toBeVisible();
  expect([...new Set(asked)].filter((scheme) => !['file', 'data', 'blob'].includes(scheme))).toEqual([]);
  expect(asked.filter((scheme) => scheme === 'file')).toHaveLength(1);
});
