import { expect, test } from '../fixtures';
import { open, panel, score } from '../steps';

const h1 = (page: import('@playwright/test').Page) => page.getByRole('heading', { level: 1 });
const hash = (page: import('@playwright/test').Page) => page.evaluate(() => location.hash);

test('every screen has its address, its title and its heading, and Back leads to the one before', async ({ page, accessible, picture }) => {
  await open(page);
  const screens = page.getByRole('navigation', { name: 'Screens' });
  for (const [name, address, heading] of [
    ['Examples', '#/examples', 'Examples'],
    ['Rules', '#/rules', 'The rule book'],
    ['PLAIN', '#/plain', 'PLAIN, octet by octet'],
    ['About', '#/about', 'About this laboratory'],
  ] as const) {
    await screens.getByRole('link', { name }).click();
    await expect(h1(page)).toHaveText(heading);
    await expect(h1(page)).toBeFocused();
    await expect(screens.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    expect(await hash(page)).toBe(address);
    await expect(page).toHaveTitle(/ · STARTTLS Lab$/);
    await accessible();
    await picture(`screen-${name.toLowerCase()}`);
  }
  await page.goBack();
  await page.goBack();
  await expect(h1(page)).toHaveText('The rule book');
  await page.goBack();
  await expect(h1(page)).toHaveText('Examples');
  await page.goBack();
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.goForward();
  await page.goForward();
  await expect(h1(page)).toHaveText('The rule book');
  await page.reload();
  await expect(h1(page)).toHaveText('The rule book');
});

test('the workbench is in its address: reload and Back restore setup and step', async ({ page }) => {
  await open(page);
  await panel(page, 'Switches');
  await page.getByRole('radio', { name: 'POP3' }).check();
  await page.getByRole('radiogroup', { name: 'TLS policy' }).getByRole('radio', { name: 'required' }).check();
  await page.locator('h2#story').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => hash(page)).toBe('#/?p=pop3&a=strip-capability&set=client.tls=required&e=3');
  // A step is no page of the history.
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
  for (const again of [() => page.reload(), async () => { await page.goto('./#/about'); await expect(h1(page)).toBeFocused(); await page.goBack(); }]) {
    await again();
    const slider = page.getByRole('slider', { name: 'Step' });
    await expect(slider).toHaveAttribute('aria-valuetext', /^event 3 of/);
    await panel(page, 'Switches');
    await expect(page.getByRole('radio', { name: 'POP3' })).toBeChecked();
    await expect(page.getByRole('radiogroup', { name: 'TLS policy' }).getByRole('radio', { name: 'required' })).toBeChecked();
  }
});

test('a log that is open survives a look at another screen', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Open a log' }).click();
  await page.getByLabel('Paste it here, or type it').fill('S: * OK ready\nC: a1 LOGIN joe swordfish\n');
  await page.getByRole('button', { name: 'Check what is typed' }).click();
  await expect(score(page)).toContainText('A password crossed in the clear');
  await page.getByRole('link', { name: 'About' }).click();
  await expect(h1(page)).toHaveText('About this laboratory');
  // Keys of the workbench do nothing here.
  await page.keyboard.press('End');
  await page.getByRole('link', { name: 'Workbench' }).click();
  await expect(score(page)).toContainText('A password crossed in the clear');
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuetext', /^line 1 of/);
});

for (const [what, address, says] of [
  ['an attack that does not exist', '#/?p=imap&a=no-such-thing&e=2', /there is no attack `no-such-thing`/],
  ['a protocol that does not exist', '#/?p=smtp', /there is no protocol “smtp” here/],
  ['a switch that does not exist', '#/?p=imap&set=client.wings=on', /there is no switch `wings`/],
] as const) {
  test(`a link with ${what} says so, and shows the rest`, async ({ page, accessible }) => {
    await page.goto(`./${address}`);
    await expect(page.getByRole('alert')).toHaveText(says);
    await expect(page.locator('li.row')).not.toHaveCount(0);
    await accessible();
  });
}

test('an address that leads nowhere says so', async ({ page, accessible }) => {
  await page.goto('./#/no/such/place');
  await expect(h1(page)).toHaveText('There is nothing here');
  await accessible();
  await page.goto('./#/rules/A999');
  await expect(h1(page)).toHaveText('There is no such rule');
  await page.getByRole('link', { name: 'The rule book' }).click();
  await expect(h1(page)).toHaveText('The rule book');
});

test('skipping to the session is no change of address', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('#ladder')).toBeFocused();
  expect(await hash(page)).toBe('');
});

test('how to get a log, what is not modelled and what is new can be read in the page', async ({ page, accessible, picture }) => {
  await open(page);
  await page.getByRole('button', { name: 'Open a log' }).click();
  await page.getByRole('link', { name: 'How do I get a log from my program?' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(h1(page)).toHaveText('How to get a log');
  await expect(page.getByRole('row')).not.toHaveCount(0);
  expect(await page.getByRole('row').count()).toBeGreaterThan(12);
  await expect(page.getByRole('row', { name: /^Thunderbird MOZ_LOG=/ })).toBeVisible();
  await accessible();
  await picture('screen-logs');
  for (const [address, heading, text] of [
    ['#/model', 'What the simulation does not model', /No TLS record is made/],
    ['#/news', 'What is new', /Unreleased/],
  ] as const) {
    await page.goto(`./${address}`);
    await expect(h1(page)).toHaveText(heading);
    await expect(page.getByText(text).first()).toBeVisible();
    await accessible();
    await picture(`screen-${address.slice(2)}`);
  }
});

test('a link to a later event brings its row into view, and the page opens with a message and its main button in sight', async ({ page }) => {
  await open(page);
  await expect(page.locator('li.row').first()).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: /Play/ })).toBeInViewport({ ratio: 1 });
  await expect(score(page)).toBeInViewport({ ratio: 1 });
  await page.goto('about:blank');
  await page.goto('./#/?p=imap&a=none&e=25');
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuetext', /^event 25 of/);
  await expect(page.locator('#row-24')).toBeInViewport({ ratio: 1 });
});
