// Twelve things that people come for, each done by keyboard alone: no test here touches a pointer, and the page must
// have seen none.
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { expect, test } from '../fixtures';
import { blanked, clicked, find, LOG, news, open, PRIVATE, score, tabTo, throughCell } from '../steps';
import type { Locator, Page } from '@playwright/test';

// Many keys, one after the other, on a machine that may be busy.
test.describe.configure({ timeout: 240_000 });

type Watched = { cancelled: number; pointers: number };
const watched = (page: Page) => page.evaluate(() => (window as unknown as { watched: Watched }).watched);

test.beforeEach(async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.addInitScript(() => {
    const watched = { cancelled: 0, pointers: 0 };
    Object.assign(window, { watched });
    // Asked afterwards, when every listener has had its say.
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Tab') setTimeout(() => (watched.cancelled += Number(event.defaultPrevented)), 0);
    });
    for (const name of ['pointerdown', 'mousedown', 'touchstart']) {
      window.addEventListener(name, () => (watched.pointers += 1), true);
    }
  });
});

test.afterEach(async ({ page }) => {
  const { cancelled, pointers } = await watched(page);
  expect({ cancelled, pointers }).toEqual({ cancelled: 0, pointers: 0 });
});

/** Goes to a control and uses it. */
const use = async (page: Page, target: Locator) => {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
};

/** Goes to a field and writes into it, in place of what is there. */
const write = async (page: Page, field: Locator, text: string) => {
  await tabTo(page, field);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
};

/** Goes to a group of choices and takes one of them, by the arrow keys. */
const choose = async (page: Page, radio: Locator) => {
  const name = await radio.getAttribute('name');
  for (let press = 0; press < 200; press++) {
    if ((await page.evaluate(() => document.activeElement?.getAttribute('name'))) === name) break;
    await page.keyboard.press('Tab');
  }
  for (let press = 0; press < 60 && !(await radio.isChecked()); press++) {
    await page.keyboard.press(press === 0 ? 'Space' : 'ArrowDown');
  }
  await expect(radio).toBeChecked();
};

/** Puts a text on the clipboard, as another program would, and pastes it. */
const paste = async (page: Page, text: string) => {
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press('Control+v');
};

test('1: the strip is learned', async ({ page, accessible }) => {
  await open(page);
  await expect(news(page)).toHaveText('Press ▶ below, or the right arrow key, to see the next message.');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('listitem', { name: /2 words removed here/ })).toBeVisible();
  await expect(score(page)).toContainText('The attacker has nothing yet');

  const forward = page.getByRole('button', { name: 'Forward' });
  await tabTo(page, forward);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(score(page)).toContainText('The attacker has the password');
  await expect(forward).toBeFocused();

  await use(page, page.getByRole('button', { name: 'The client', exact: true }));
  await use(page, page.getByRole('button', { name: 'Make the client strict and replay' }));
  await expect(news(page)).toContainText('Changed: the attacker no longer gets the password');
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has nothing');
  await accessible();

  // On from there: a verdict, and back to where one was.
  const verdict = page.locator('.verdict button').first();
  await use(page, verdict);
  await expect(verdict).toHaveAttribute('aria-pressed', 'true');
});

test('2: a log is pasted and its worst line found', async ({ page, accessible }) => {
  await open(page);
  await paste(page, LOG);
  await expect(page.getByRole('heading', { name: 'Pasted text' })).toBeVisible();
  await expect(score(page)).toContainText('A password crossed in the clear');
  await page.keyboard.press('Home');
  const status = page.getByRole('status').last();
  await page.keyboard.press('F8');
  await expect(page.locator('li.row.now')).not.toHaveCount(0);
  for (let press = 0; press < 6; press++) {
    if (await page.locator('li.row.now.exposes, li.row.now .secret').count()) break;
    await page.keyboard.press('F8');
    await expect(status).toContainText(/a rule is broken|a secret is readable|the ground changes/);
  }
  await expect(page.locator('li.row.now')).toHaveAttribute('aria-label', /a2 LOGIN/);
  await page.keyboard.press('/');
  await page.keyboard.type('logindisabled');
  await expect(page.locator('.sieve [role=status]')).toHaveText('1 row');
  await accessible();
});

test('3: a capture is opened', async ({ page }) => {
  await open(page);
  await use(page, page.getByRole('button', { name: 'Open a log' }));
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, page.getByLabel('or open files'));
  await page.keyboard.press('Enter');
  const capture = '../../corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap';
  const buffer = readFileSync(new URL(capture, import.meta.url));
  await (await chooser).setFiles({ name: 'client.pcap', mimeType: 'application/octet-stream', buffer });
  await expect(page.getByRole('heading', { name: 'client.pcap' })).toBeVisible();
  await page.keyboard.press('End');
  await expect(page.locator('li.row.now')).not.toHaveCount(0);
});

test('4: a message is held and changed by hand', async ({ page }) => {
  await page.goto('./#/?p=imap&a=none');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await use(page, page.getByRole('button', { name: 'Hold', exact: true }));
  const held = page.locator('.held');
  await expect(held.getByRole('heading')).toBeFocused();
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/h=2/);
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/message%202%20do%20drop/);
});

test('5: an attack is written and used', async ({ page, accessible }) => {
  await open(page);
  await find(page, 'write an attack');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write your own attack');
  const rule = 'when server lists STARTTLS do remove STARTTLS\nwhen server lists LOGINDISABLED do remove LOGINDISABLED\n';
  await write(page, page.getByRole('textbox', { name: 'The attack, one rule a line' }), rule);
  await expect(page.locator('.hits li')).toHaveCount(2);
  await accessible();
  await use(page, page.getByRole('button', { name: 'Use it on the workbench' }));
  await expect(page).toHaveURL(/x=when/);
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has the password');
});

test('6: the matrix is read, and a cell opened', async ({ page }) => {
  test.slow();
  await page.goto('./#/matrix?p=pop3');
  const grid = page.getByRole('grid');
  await expect(grid).toBeVisible({ timeout: 80_000 });
  await tabTo(page, grid.locator('[tabindex="0"]'));
  const lost = () => page.evaluate(() => document.activeElement?.closest('td')?.classList.contains('lost') ?? false);
  for (let press = 0; press < 60 && !(await lost()); press++) {
    const before = await page.evaluate(() => document.activeElement?.id);
    await page.keyboard.press('ArrowRight');
    if ((await page.evaluate(() => document.activeElement?.id)) === before) {
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowDown');
    }
  }
  expect(await lost(), 'the arrow keys lead to a loss').toBe(true);
  const id = await page.evaluate(() => document.activeElement?.id);
  await throughCell(page, id ?? null, () => page.keyboard.press('Enter'));
});

test('7: the smallest fix is found and made', async ({ page }) => {
  test.slow();
  await open(page);
  await page.keyboard.press('End');
  const turn = page.getByRole('region', { name: "Defender's turn" });
  await use(page, turn.getByRole('button', { name: 'Find every smallest change' }));
  const apply = turn.getByRole('button', { name: /Apply: Client: TLS policy required/ });
  await expect(apply).toBeVisible({ timeout: 80_000 });
  await use(page, apply);
  await expect(score(page)).toContainText('The attacker has nothing');
});

test('8: two sessions are compared', async ({ page }) => {
  await open(page);
  await paste(page, LOG);
  await expect(page.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  await use(page, page.getByRole('button', { name: 'Keep to compare' }));
  await page.keyboard.press('Escape');
  await paste(page, LOG.replace('a2 OK in', 'a2 NO wrong'));
  await expect(page.getByRole('listitem', { name: /a2 NO wrong/ })).toBeVisible();
  await use(page, page.getByRole('link', { name: 'Compare with the kept one' }));
  await expect(page.getByRole('main').getByRole('status')).toContainText('answered OK in the first session and NO in the second');
  await use(page, page.getByRole('button', { name: 'Go to the first difference' }));
  await expect(page.locator('.pairs .first')).toBeFocused();
});

test('9: a lesson is run to its end', async ({ page, accessible }) => {
  await page.goto('./#/learn/strip/1');
  const lesson = page.locator('section.lesson');
  await use(page, lesson.getByRole('button', { name: /^Nothing: the strict server/ }));
  await expect(lesson).toContainText('Tasks, 0 of 2 done');
  const wide = page.getByRole('radiogroup', { name: 'Show at the left' });
  if (await wide.isVisible()) await choose(page, wide.getByRole('radio', { name: 'Who plays' }));
  else await use(page, page.getByRole('group', { name: 'Panel' }).getByRole('button', { name: 'Switches' }));
  await write(page, page.getByRole('searchbox', { name: /Find one of/ }), 'strip');
  await choose(page, page.getByRole('radio', { name: 'Strip the offer' }));
  await page.keyboard.press('End');
  if (await wide.isVisible()) await choose(page, wide.getByRole('radio', { name: 'Lesson' }));
  else await use(page, page.getByRole('group', { name: 'Panel' }).getByRole('button', { name: 'Lesson' }));
  await expect(lesson).toContainText('Tasks, 2 of 2 done');
  await accessible();
  await use(page, lesson.getByRole('link', { name: 'Next' }));
  await expect(page).toHaveURL(/#\/learn\/strip\/2/);
});

test('10: a step is presented', async ({ page }) => {
  await clicked(page);
  await blanked(page);
});

test('11: a log is shared without what is private', async ({ page, accessible }) => {
  await open(page);
  await paste(page, LOG);
  await expect(page.getByRole('listitem', { name: /a2 LOGIN/ })).toBeVisible();
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await expect(dialog.getByText('Leak check: PASS')).toBeVisible();
  await accessible();
  await use(page, dialog.getByRole('button', { name: 'Copy link' }));
  await expect(dialog.getByText('The link is on the clipboard.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const packed = /z=1\.([\w-]+)/.exec(link)?.[1] ?? '';
  const text = inflateSync(Buffer.from(packed, 'base64url')).toString();
  expect(text).toContain('LOGIN');
  expect(link + text).not.toMatch(PRIVATE);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('12: a PLAIN message is built', async ({ page, accessible }) => {
  await open(page);
  await find(page, 'plain octet');
  await expect(page.getByRole('heading', { name: '21 octets' })).toBeVisible();
  await write(page, page.getByLabel('Whose mailbox (authzid)'), 'ana');
  await expect(page.getByRole('heading', { name: '24 octets' })).toBeVisible();
  const show = page.getByRole('switch', { name: 'Show the password’s octets' });
  await tabTo(page, show);
  await page.keyboard.press('Space');
  await expect(show).toBeChecked();
  await accessible();
});
