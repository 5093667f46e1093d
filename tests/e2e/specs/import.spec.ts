import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';
import { drop, dropAll, news, open, panel, paste, score } from '../steps';

const file = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url));

test('the example of RFC 2595, with the line about TLS', async ({ page, accessible, picture }) => {
  await open(page);
  await paste(page, file('cli/rfc2595.txt').toString());
  await expect(page.getByRole('listitem', { name: 'TLS begins; what goes through it is in this recording' })).toBeVisible();
  await expect(page.getByRole('listitem', { name: /inside TLS: a004 LOGIN joe \(secret\)/ })).toBeVisible();
  await expect(score(page)).toContainText('No password is visible in this recording');
  await expect(page.locator('.facts')).toContainText('asked, answer OK');
  await accessible();
  await picture('rfc2595');
  await panel(page, 'Sessions');
  await page.getByRole('button', { name: 'Back to the simulation' }).click();
  await expect(page.getByRole('heading', { name: 'Strip the offer' })).toBeVisible();
});

test('bare lines say that the direction was guessed', async ({ page, accessible }) => {
  await open(page);
  await paste(page, '* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\na1 LOGIN joe swordfish\na1 OK in\n');
  await expect(page.locator('.story')).toContainText('The recording does not say who speaks; that was guessed.');
  await expect(score(page)).toContainText('A password crossed in the clear · line 2');
  await expect(page.locator('body')).not.toContainText('swordfish');
  await accessible();
});

test('the output of curl -v, dropped as a file', async ({ page, accessible, picture }) => {
  await open(page);
  const log = file('corpus/sessions/0024-curl-imap-forbidden-mailutils-b-direct/client-curl-v.log');
  await drop(page, 'client-curl-v.log', log);
  await expect(page.getByRole('heading', { name: 'client-curl-v.log' })).toBeVisible();
  await expect(page.getByRole('listitem', { name: /Client to server, in the clear/ }).first()).toBeVisible();
  await accessible();
  await picture('curl');
});

test('what is not understood stands grey between its neighbours', async ({ page, accessible, picture }) => {
  await open(page);
  await paste(
    page,
    'S: * OK ready\nwho wrote this\na9 LOGIN joe swordfish\nC: a1 NOOP\nS: a1 OK done\n' +
      '-- new connection --\nS: 220 mail.example.org ESMTP\nC: EHLO me\nS: 250 STARTTLS\n',
  );
  const grey = page.locator('li.row.aside');
  await expect(grey.first()).toContainText('not understood');
  await expect(grey.first()).toContainText('who wrote this');
  await expect(page.locator('.story')).toContainText(/lines? not understood/);
  await expect(page.locator('body')).not.toContainText('swordfish');
  // The step keys pass over them.
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuetext', /^line 4 of/);
  await panel(page, 'Sessions');
  await page.locator('.unparsed summary').first().click();
  await page.getByRole('button', { name: /^2 who wrote this/ }).click();
  await expect(grey.first()).toHaveAttribute('aria-current', 'step');
  await accessible();
  await picture('not-understood');
});

for (const [what, name, content, says] of [
  ['SMTP', 'smtp.txt', file('cli/smtp.txt'), /SMTP.*not covered/],
  ['a picture', 'photo.jpg', file('cli/photo.jpg'), /photo\.jpg was not read/],
  ['nothing', 'empty.txt', Buffer.alloc(0), /empty\.txt was not read/],
  ['zeros', 'zeros.bin', Buffer.alloc(64), /zeros\.bin was not read/],
] as const) {
  test(`of ${what} it says so, and nothing else changes`, async ({ page, accessible, picture }) => {
    await open(page);
    await drop(page, name, content);
    const alert = page.getByRole('alert');
    await expect(alert).toHaveText(says);
    await expect(page.locator('li.row')).toHaveCount(10);
    await accessible();
    await picture(`refused-${name.split('.')[0]}`);
    await alert.getByRole('button', { name: 'Close' }).click();
    await expect(alert).toHaveCount(0);
    // And the next one is read.
    await paste(page, 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n');
    await expect(page.locator('li.row')).toHaveCount(3);
  });
}

test('50,000 lines: all are read, few are drawn, and it can be stopped', async ({ page, accessible }) => {
  await open(page);
  const lines = ['S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready'];
  for (let n = 0; n < 25_000; n++) lines.push(`C: a${n} NOOP ${'x'.repeat(40)}`, `S: a${n} OK completed`);
  const text = lines.join('\n');

  await page.evaluate((text) => Object.assign(window, { text }), text);
  const stopped = await page.evaluate(async () => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', (window as unknown as { text: string }).text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    // The button is there as soon as the page draws again.
    for (let turn = 0; turn < 1000; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      const button = [...document.querySelectorAll<HTMLElement>('.news button')].find((b) => b.textContent === 'Cancel');
      if (button) {
        button.click();
        return true;
      }
    }
    return false;
  });
  expect(stopped, 'Cancel is there while it reads').toBe(true);
  await expect(page.locator('progress')).toHaveCount(0);
  await expect(page.locator('li.row')).toHaveCount(10);

  await paste(page, text);
  await expect(page.getByRole('status').last()).toContainText('50001 rows', { timeout: 60_000 });
  expect(await page.locator('li.row').count()).toBeLessThan(1000);
  await page.keyboard.press('End');
  await expect(page.getByRole('listitem', { name: /a24999 OK completed/ })).toBeInViewport();
  await expect(page.getByRole('slider', { name: 'Step' })).toHaveAttribute('aria-valuetext', /^line 50001 of 50001/);
  expect(await page.locator('li.row').count()).toBeLessThan(1000);
  await panel(page, 'Verdicts');
  await page.getByRole('radio', { name: 'as of 1999' }).check();
  await expect(news(page)).toContainText('Changed:');
  await page.keyboard.press('Home');
  await accessible();
});

test('typed text is checked when asked, and the dialog goes away', async ({ page, accessible }) => {
  await open(page);
  await page.getByRole('button', { name: 'Open a log' }).click();
  const area = page.getByLabel('Paste it here, or type it');
  await page.getByRole('button', { name: 'Check what is typed' }).click();
  await expect(area, 'nothing to check: the field is next').toBeFocused();
  await page.keyboard.type('S: * OK ready\nC: a1 LOGIN joe swordfish\n');
  await accessible();
  await page.getByRole('button', { name: 'Check what is typed' }).click();
  await expect(score(page)).toContainText('A password crossed in the clear · line 2');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.locator('body')).not.toContainText('swordfish');
});

test('several files become one list of sessions, and what is no log is named', async ({ page, accessible, picture }) => {
  await open(page);
  const log = (user: string) => Buffer.from(`S: * OK ready\nC: a1 LOGIN ${user} swordfish\nS: a1 OK in\n`);
  await dropAll(page, [['ana.log', log('ana')], ['photo.jpg', file('cli/photo.jpg')], ['joe.log', log('joe')]]);
  await expect(page.getByRole('heading', { name: '2 files' })).toBeVisible();
  await expect(page.locator('.story')).toContainText('photo.jpg was not read');
  // A list to choose from is what a narrow page shows first.
  const joe = page.getByRole('button', { name: /^joe\.log/ });
  await expect(joe).toBeVisible();
  await expect(page.getByRole('listitem', { name: /LOGIN ana/ })).toBeVisible();
  await accessible();
  await picture('several-files');
  await joe.click();
  await expect(page.getByRole('listitem', { name: /LOGIN joe/ })).toBeVisible();
  await expect(joe).toHaveAttribute('aria-pressed', 'true');
});
