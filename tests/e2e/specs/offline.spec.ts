// The page without a network, its new versions, and what it asks for and keeps.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { drop, open, paste } from '../steps';

const capture = readFileSync(
  new URL('../../corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap', import.meta.url),
);

/** Opens the page and waits until the browser keeps it. */
const kept = async (page: Page) => {
  await open(page);
  await expect(page.locator('html')).toHaveAttribute('data-offline', 'ready');
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
};

/** The names of what the service worker keeps. */
const list = (page: Page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map((request) => request.url);
  });

test('after one visit it works with the network off: every screen, a log, a capture', async ({ page, context, wrong }) => {
  await kept(page);
  await context.setOffline(true);
  await page.reload();
  await expect(page.locator('li.row').first()).toBeVisible();
  for (const hash of ['#/rules', '#/rules/A12', '#/machines', '#/own', '#/plain', '#/about']) {
    await page.goto(`./${hash}`);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1 })).not.toContainText('nothing here');
  }
  await expect(page.getByText('opens with the network off')).toBeVisible();
  await page.goto('./#/');
  await paste(page, 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n');
  await expect(page.locator('li.row')).toHaveCount(3);
  await drop(page, 'client.pcap', capture);
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
  wrong.splice(0);
});

test('after load nothing is asked for but what is on the list, and nothing of a log is kept', async ({ page, context }) => {
  await kept(page);
  const files = await list(page);
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  await paste(page, 'S: * OK ready\nC: a1 LOGIN joe swordfish\nS: a1 OK done\n');
  await expect(page.locator('li.row')).toHaveCount(3);
  await drop(page, 'client.pcap', capture);
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
  await page.goto('./#/rules');
  await page.goto('./#/about');
  await expect(page.getByText(/^0 requests to anywhere since load, but for \d files? of the page itself\.$/)).toBeVisible();
  expect(asked.filter((url) => !files.includes(url))).toEqual([]);

  const stored = await page.evaluate(async () => {
    const databases = indexedDB.databases ? await indexedDB.databases() : [];
    const cached = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) cached.push(await (await cache.match(request))!.text());
    }
    return { storage: { ...localStorage, ...sessionStorage }, databases: databases.length, cached: cached.join('') };
  });
  expect(stored.storage).toEqual({});
  expect(stored.databases).toBe(0);
  expect(stored.cached).not.toContain('LOGIN joe swordfish');
});

/** A server that hands on what another one serves, and can put another release in its place. */
const relay = async (from: string) => {
  let release = '';
  const server = createServer(async (request, response) => {
    const found = await fetch(new URL(request.url!.slice(1), from));
    let body = Buffer.from(await found.arrayBuffer());
    if (release && request.url === '/sw.js') {
      body = Buffer.from(body.toString().replace(/const RELEASE = '\w*'/, `const RELEASE = '${release}'`));
    }
    response.writeHead(found.status, { 'content-type': found.headers.get('content-type') ?? '', 'cache-control': 'no-cache' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    put: (name: string) => (release = name),
    close: () => server.close(),
  };
};

test.describe('from a server of its own', () => {
  let server: Awaited<ReturnType<typeof relay>>;
  test.use({
    baseURL: async ({ baseURL }, use) => {
      server = await relay(baseURL!);
      await use(server.address);
      server.close();
    },
  });

  test('a new version waits for consent', async ({ page }) => {
    await kept(page);
    await paste(page, 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n');
    await expect(page.locator('li.row')).toHaveCount(3);
    server.put('another');
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    const banner = page.getByRole('status').filter({ hasText: 'A new version of this page is ready' });
    await expect(banner).toBeVisible();
    // Nothing is loaded anew by itself.
    await expect(page.locator('li.row')).toHaveCount(3);
    await banner.getByRole('button', { name: 'Later' }).click();
    await expect(banner).toHaveCount(0);
    await expect(page.locator('li.row')).toHaveCount(3);
    await page.reload();
    await banner.getByRole('button', { name: 'Load it now' }).click();
    // The window is loaded anew meanwhile.
    await expect(async () => {
      expect(await page.evaluate(() => caches.keys())).toEqual(['starttls-lab another']);
    }).toPass();
    await expect(page.locator('li.row')).toHaveCount(10);
  });
});

test('it can be installed: the manifest and its icons are there', async ({ page, baseURL }) => {
  await open(page);
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = await (await page.request.get(new URL(address!, baseURL).href)).json();
  expect(manifest).toMatchObject({ name: 'STARTTLS Lab', display: 'standalone', start_url: './' });
  for (const icon of manifest.icons) {
    const response = await page.request.get(new URL(icon.src, baseURL).href);
    expect(response.ok(), icon.src).toBe(true);
    expect(response.headers()['content-type']).toBe(icon.type);
  }
});

test('a browser without service workers or storage says so and works', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, 'serviceWorker', {
      value: { register: () => Promise.reject(new Error('forbidden')), addEventListener() {}, controller: null },
    });
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('forbidden', 'SecurityError');
      },
    });
  });
  await open(page);
  await page.goto('./#/about');
  await expect(page.getByText('The browser keeps no pages here')).toBeVisible();
});

test('where the storage is full, that is said with what to do instead', async ({ page }) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.goto('./#/learn');
  await page.getByRole('switch', { name: 'Remember it on this device' }).check();
  await expect(page.getByRole('alert')).toHaveText(/^This device keeps nothing: .* Write your code down/);
  await page.goto('./#/own');
  await page.getByRole('switch', { name: 'Keep it on this device' }).check();
  await expect(page.getByRole('alert')).toHaveText(/^This device keeps nothing: .* Save it as a file/);
});
