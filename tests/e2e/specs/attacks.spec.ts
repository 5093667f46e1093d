import { expect, test } from '../fixtures';
import { news, open, panel, score } from '../steps';
import type { Page } from '@playwright/test';

/** The list of what stands on the path. */
const path = (page: Page) => page.getByRole('list', { name: 'On the path, from the client to the server' });

/** The panel of a held message. */
const held = (page: Page) => page.getByRole('region', { name: 'Held message' });

test('the list of attacks is grouped, found by words, and says what each does', async ({ page, accessible, picture }) => {
  await open(page);
  await panel(page, 'Switches');
  const find = page.getByRole('searchbox', { name: /Find one of \d+ attacks/ });
  const shown = page.locator('.attack:visible');
  await expect(page.locator('details.group')).not.toHaveCount(1);
  await find.fill('strip');
  await expect(page.getByRole('radio', { name: 'Strip the offer' })).toBeVisible();
  await expect(page.getByRole('radio', { name: 'Refuse STARTTLS' })).toHaveCount(0);
  expect(await shown.count()).toBeLessThan(12);
  for (const hint of await page.locator('.attack:visible > .hint:not(.known)').all()) await expect(hint).toHaveText(/.{20,}\.$/);
  await accessible();
  await picture('palette');
  await find.fill('no such attack');
  await expect(page.getByText('Nothing is called that here')).toBeVisible();
});

test('attacks stack, and their order is changed by keyboard and lives in the address', async ({ page, accessible }) => {
  await open(page);
  await panel(page, 'Switches');
  await page.getByRole('button', { name: 'Refuse STARTTLS also on the path' }).click();
  const items = path(page).locator('> li .head > span');
  await expect(items).toHaveText(['Strip the offer', 'Refuse STARTTLS']);
  const nearer = page.getByRole('button', { name: 'Refuse STARTTLS: nearer to the client' });
  await nearer.focus();
  await page.keyboard.press('Enter');
  await expect(items).toHaveText(['Refuse STARTTLS', 'Strip the offer']);
  await expect(nearer).toBeFocused();
  await expect(page.locator('p[role=status]').last()).toHaveText('Refuse STARTTLS is number 1 on the path now');
  await expect(page).toHaveURL(/a=fail-starttls&a=strip-capability/);
  await accessible();
  await page.reload();
  await panel(page, 'Switches');
  await expect(items).toHaveText(['Refuse STARTTLS', 'Strip the offer']);
});

test('a written attack has its place among the others', async ({ page, accessible, picture }) => {
  await page.goto(`./#/?p=imap&a=strip-capability&a=fail-starttls&x=${encodeURIComponent('when greeting do pass')}`);
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await panel(page, 'Switches');
  const items = path(page).locator('> li .head > span');
  await expect(items).toHaveText(['Strip the offer', 'Refuse STARTTLS', 'Your own']);
  await page.getByRole('button', { name: 'Your own: nearer to the client' }).click();
  await expect(items).toHaveText(['Strip the offer', 'Your own', 'Refuse STARTTLS']);
  await expect(page).toHaveURL(/a=strip-capability&x=[^&]*&a=fail-starttls/);
  await page.getByText(/^Variant: /).first().click();
  await accessible();
  await picture('stack');
  await page.reload();
  await panel(page, 'Switches');
  await expect(items).toHaveText(['Strip the offer', 'Your own', 'Refuse STARTTLS']);
});

test('capabilities are chips for each direction, and a chip is a rule', async ({ page, accessible, picture }) => {
  await page.goto('./#/?p=imap&a=none');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.getByText('Capabilities that get through').click();
  const client = page.getByRole('group', { name: 'Server to client' });
  await client.getByRole('button', { name: 'STARTTLS' }).click();
  await expect(client.getByRole('button', { name: 'STARTTLS' })).toHaveAttribute('aria-pressed', 'false');
  await client.getByRole('button', { name: 'LOGINDISABLED' }).click();
  await expect(page.getByText('Capabilities: 2 changes by chip')).toBeVisible();
  await expect(news(page)).toContainText('the attacker now gets the password');
  const server = page.getByRole('group', { name: 'Client to server' });
  await server.getByRole('button', { name: 'LOGIN', exact: true }).click();
  await expect(page).toHaveURL(/x=when/);
  await accessible();
  await picture('chips');
  await panel(page, 'Switches');
  await expect(page.locator('.written li')).toHaveCount(3);
  await page.getByRole('button', { name: 'Take rule 1 away' }).click();
  await expect(client.getByRole('button', { name: 'STARTTLS' })).toHaveAttribute('aria-pressed', 'true');
});

test('a run halts at a message, which is changed by hand, and the hand is a written attack', async ({ page, accessible, picture }) => {
  await page.goto('./#/?p=imap&a=none');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await expect(held(page).getByRole('heading')).toHaveText('Held: server to client');
  await expect(held(page).getByRole('heading')).toBeFocused();
  await expect(page.locator('li.row')).toHaveCount(1);
  const text = held(page).getByRole('textbox', { name: 'What goes on' });
  await expect(text).toHaveValue('* OK mail.example.test ready');
  await accessible();
  await picture('held');
  await text.fill('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello');
  await held(page).getByRole('button', { name: 'Send as edited' }).click();
  await expect(held(page).getByRole('heading')).toHaveText('Held: client to server');
  await expect(page).toHaveURL(/h=2/);
  // By keys: the next ones go on, until the password is there.
  await page.keyboard.press('r');
  await expect(page).toHaveURL(/h=3/);
  await held(page).getByRole('button', { name: 'Run on' }).click();
  await expect(held(page)).toHaveCount(0);
  await panel(page, 'Switches');
  await expect(page.locator('.written li code')).toHaveText(['when message 1 do instead "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello"']);
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.getByRole('heading', { name: 'An attack of your own' })).toBeVisible();
  await expect(page.getByRole('listitem', { name: /AUTH=PLAIN\] hello/ }).first()).toBeVisible();
});

test('a held message is dropped by its key, and a mistake in a line is told', async ({ page }) => {
  await page.goto('./#/?p=imap&a=none');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  await held(page).getByRole('textbox', { name: 'A line of your own' }).fill('broken \\q');
  await held(page).getByRole('button', { name: 'Put it behind' }).click();
  await expect(held(page).getByRole('alert')).toContainText('two hex digits');
  await held(page).getByRole('textbox', { name: 'A line of your own' }).fill('* OK [ALERT] call 555');
  await held(page).getByRole('button', { name: 'Put it behind' }).click();
  await expect(page).toHaveURL(/h=2/);
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/message%202%20do%20drop/);
  await expect(held(page)).toHaveCount(0);
});

test('the middle ends TLS by hand with a certificate of its own', async ({ page, accessible }) => {
  await page.goto('./#/?p=imap&c=private&a=none&set=client.no-path-check=on');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Hold', exact: true }).click();
  for (let step = 0; step < 8; step++) {
    if (await held(page).getByRole('heading', { name: 'Held: the client begins TLS' }).isVisible()) break;
    const before = page.url();
    await held(page).getByRole('button', { name: 'Release' }).click();
    await expect(page).not.toHaveURL(before);
    await expect(held(page).getByRole('heading')).toBeVisible();
  }
  await accessible();
  await held(page).getByRole('button', { name: 'that is self-signed' }).click();
  await expect(page).toHaveURL(/handshake%20nth%201%20do%20self-signed/);
});

test('an attack of one’s own: form, text, preview, mistakes with their place', async ({ page, accessible, picture }) => {
  await page.goto('./#/attack');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Write your own attack');
  const text = page.getByRole('textbox', { name: 'The attack, one rule a line' });
  await text.fill('when server lists STARTTLS do remove STARTTLS\nwhen server fly do drop');
  await expect(page.locator('#attack-read')).toHaveText(/^line 2, column 13: /);
  await text.fill('when server lists STARTTLS do remove STARTTLS\n');
  await expect(page.locator('.hits li')).toHaveText([/hits?: events? \d/]);
  const form = page.getByRole('form', { name: 'Add a rule' });
  await form.getByLabel('When a message').selectOption('lists the capability');
  await form.getByLabel('Which', { exact: true }).fill('LOGINDISABLED');
  await form.getByLabel('then').selectOption('take the capability away');
  await form.getByLabel('What', { exact: true }).fill('LOGINDISABLED');
  await form.getByRole('button', { name: 'Add the rule' }).click();
  await expect(text).toHaveValue(/lists "LOGINDISABLED" do remove "LOGINDISABLED"\n$/);
  await expect(page.locator('.hits li')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'What it does to this session' })).toContainText('The attacker gets the password');
  await accessible();
  await picture('own-attack');
  await page.getByRole('button', { name: 'Use it on the workbench' }).click();
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await expect(page).toHaveURL(/x=when/);
  await panel(page, 'Switches');
  await expect(page.locator('.written li')).toHaveCount(2);
  await page.locator('h2#story').click();
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has the password');
});

test('the ladder through the eyes of each of them', async ({ page, accessible, picture }) => {
  test.slow();
  await page.goto('./#/?p=imap&c=private&a=cert-self-signed&set=client.no-path-check=on');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.locator('h2#story').click();
  await page.keyboard.press('End');
  const lens = page.getByRole('radiogroup', { name: 'Who can read this' });
  await lens.getByRole('radio', { name: 'eavesdropper' }).check();
  await expect(page.locator('.blocks').first()).toBeVisible();
  await expect(page.getByText('the password is readable for')).toHaveCount(0);
  await expect(page.getByRole('listitem', { name: /not readable for the eavesdropper/ }).first()).toBeVisible();
  await accessible();
  await picture('lens');
  await lens.getByRole('radio', { name: 'middle' }).check();
  await expect(page.getByText('the password is readable for the middle').first()).toBeVisible();
  await expect(page).toHaveURL(/l=middle/);
  await page.reload();
  await expect(lens.getByRole('radio', { name: 'middle' })).toBeChecked();
});

test('where client and server stop agreeing is marked', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  await expect(page.locator('.parted')).toHaveText(/from here on they differ: the client has another list of capabilities/);
});
