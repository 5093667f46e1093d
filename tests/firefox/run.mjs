// Tries the built page in Firefox: the site from a server, and the page in one file from a disk.
//
//   cargo xtask dist            # or build, for the site alone
//   cd tests/firefox && npm ci && node run.mjs [SITE [FILE]]
//
// SITE is a folder (dist/), FILE the page in one file. FIREFOX names another browser than /usr/bin/firefox-esr.
// Pictures go to artifacts/firefox/. It ends with 1 if anything is not as it should be.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer-core';
import { serve } from '../serve.mjs';

const root = new URL('../../', import.meta.url).pathname;
const [site = join(root, 'dist'), file] = process.argv.slice(2);
const pictures = join(root, 'artifacts/firefox');
mkdirSync(pictures, { recursive: true });
const capture = readFileSync(
  join(root, 'tests/corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap'),
).toString('base64');

const server = await serve(site);

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
  headless: true,
  timeout: 120_000,
  protocolTimeout: 300_000,
});
console.log(await browser.version());

/** Waits until something is so. */
const until = async (page, what, test, ...given) => {
  try {
    await page.waitForFunction(test, { timeout: 120_000, polling: 100 }, ...given);
  } catch (error) {
    throw new Error(`${what}: ${error.message}`);
  }
};
const text = (page) => page.evaluate(() => document.body.innerText);
const press = (page, name) =>
  page.evaluate((name) => {
    const button = [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === name);
    if (!button) throw new Error(`there is no button ${name}`);
    button.click();
  }, name);

/** What a visitor does in the first minute, and two things that a worker does. */
const tried = async (name, address) => {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  const wrong = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  const picture = (of) => page.screenshot({ path: join(pictures, `${name}-${of}.png`) });

  const begun = Date.now();
  await page.goto(address);
  await until(page, 'the session is there', () => document.querySelectorAll('li.row').length === 10);
  console.log(`${name}: a session after ${Date.now() - begun} ms`);
  await picture('start');

  for (let step = 1; step < 5; step++) await page.keyboard.press('ArrowRight');
  await until(page, 'the password is lost', () =>
    document.querySelector('.score').textContent.includes('The attacker has the password'));
  await picture('lost');
  await press(page, 'The client');
  await press(page, 'Make the client strict and replay');
  await until(page, 'the strict client keeps it', () =>
    document.querySelector('.score').textContent.includes('The attacker has nothing'));
  await picture('kept');

  await page.goto(`${address}#/matrix`);
  await until(page, 'the worker makes the matrix', () => document.querySelectorAll('[role=grid] tr').length > 20);
  await picture('matrix');

  await page.goto(`${address}#/`);
  await until(page, 'the workbench is back', () => document.querySelector('li.row'));
  await page.evaluate((capture) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([Uint8Array.from(atob(capture), (c) => c.charCodeAt(0))], 'client.pcap'));
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  }, capture);
  await until(page, 'the worker opens a capture', () =>
    [...document.querySelectorAll('h2')].some((one) => one.textContent.includes('client.pcap')));
  await picture('capture');
  await press(page, 'Share');
  await until(page, 'what leaves is searched', () => document.body.innerText.includes('Leak check: PASS'));
  await picture('share');

  for (const [hash, words] of [
    ['#/learn/strip/2', 'Who could have stopped this?'],
    ['#/rules', 'The rule book'],
    ['#/machines', 'Six machines'],
    ['#/plain', 'PLAIN, octet by octet'],
    ['#/examples', 'Examples'],
    ['#/present/strip/1', 'Scan it'],
    ['#/about', 'About this laboratory'],
  ]) {
    await page.goto(`${address}${hash}`);
    await until(page, hash, (words) => document.body.innerText.includes(words), words);
    await picture(`screen${hash.replaceAll(/[#/]+/g, '-')}`);
  }
  assert.ok((await text(page)).includes('0 requests'), 'the count of requests is told');
  await page.setViewport({ width: 390, height: 844 });
  await page.goto(`${address}#/`);
  await until(page, 'the workbench is narrow', () => document.querySelector('li.row'));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `on a phone it is ${wide} pixels too wide`);
  await picture('phone');
  assert.deepEqual(wrong, [], `${name}: nothing goes wrong unseen`);
  await page.close();
};

let failed = 0;
for (const [name, address] of [
  ['site', server.url],
  ...(file ? [['one-file', pathToFileURL(file).href]] : []),
]) {
  try {
    await tried(name, address);
    console.log(`${name}: all well`);
  } catch (error) {
    failed = 1;
    console.error(`${name}: ${error.message}`);
  }
}
await browser.close();
server.close();
process.exit(failed);
