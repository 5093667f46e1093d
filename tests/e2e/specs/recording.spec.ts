// Changing a recording, asking what if, and two sessions side by side.
import { expect, test } from '../fixtures';
import { counts, drop, news, open, panel, paste, pasted, score } from '../steps';
import { readFileSync } from 'node:fs';

const LOG = `S: * OK hello
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
S: a1 OK done
C: a2 STARTTLS
S: a2 OK go
<TLS negotiation>
C: a3 LOGIN joe swordfish
S: a3 OK in
`;

test('lines change, verdicts follow, and everything can be undone', async ({ page, accessible, picture }) => {
  await open(page);
  await pasted(page, LOG, /a3 LOGIN/);
  await page.keyboard.press('Home');
  await panel(page, 'Sessions');
  const line = page.getByLabel(/^Line \d+ of \d+/);
  await expect(line).toHaveValue('S: * OK hello');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  // The server refuses: the login that follows is in the clear.
  const row = (text: RegExp) => page.getByRole('listitem', { name: text });
  await row(/a2 OK go/).locator('.number').click();
  await panel(page, 'Sessions');
  await line.fill('S: a2 NO not now');
  await line.press('Enter');
  await expect(row(/a2 NO not now/)).toBeVisible();
  await expect(news(page)).toContainText('Changed:');
  await expect(page.locator('.differences')).toContainText('line 6');
  await accessible();
  await picture('changed-line');
  await page.locator('body').click({ position: { x: 2, y: 2 } });
  await page.keyboard.press('Control+z');
  await expect(row(/a2 OK go/)).toBeVisible();
  await expect(page.locator('.differences')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+Z');
  await expect(row(/a2 NO not now/)).toBeVisible();
});

test('a selection of lines leaves as a file and opens with the same verdicts', async ({ page }) => {
  await open(page);
  await pasted(page, LOG, /a3 LOGIN/);
  const row = (text: RegExp) => page.getByRole('listitem', { name: text });
  await row(/a1 CAPABILITY/).locator('.number').click();
  await panel(page, 'Sessions');
  await page.getByRole('button', { name: 'Delete all before' }).click();
  await expect(row(/OK hello/)).toHaveCount(0);
  await row(/a2 OK go/).locator('.number').click();
  await panel(page, 'Sessions');
  await page.getByRole('button', { name: 'Delete all behind' }).click();
  await expect(row(/a3 LOGIN/)).toHaveCount(0);
  await expect(row(/a2 OK go/)).toBeVisible();
  await panel(page, 'Verdicts');
  const verdicts = async () => (await page.locator('.verdict .rule').allInnerTexts()).sort();
  const [found, judged] = [await counts(page), await verdicts()];
  expect(judged.length).toBeGreaterThan(3);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this session' });
  await expect(dialog.getByText('Leak check: PASS')).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save file' }).click();
  const content = readFileSync(await (await download).path());
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row(/a3 LOGIN/)).toBeVisible();
  await expect(row(/OK hello/)).toBeVisible();
  await drop(page, 'selection.jsonl', content);
  await expect(page.getByRole('heading', { name: 'selection.jsonl' })).toBeVisible();
  await expect(row(/a3 LOGIN/)).toHaveCount(0);
  await panel(page, 'Verdicts');
  expect(await counts(page)).toEqual(found);
  expect(await verdicts()).toEqual(judged);
});

test('a line is moved, doubled and deleted by key, and a capability by its chip', async ({ page, accessible }) => {
  await open(page);
  await pasted(page, LOG, /a3 LOGIN/);
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('li.row.now')).toHaveAttribute('aria-label', /a1 CAPABILITY/);
  const rows = page.locator('li.row');
  const before = await rows.count();
  await page.keyboard.press('Insert');
  await expect(rows).toHaveCount(before + 1);
  await page.keyboard.press('Delete');
  await expect(rows).toHaveCount(before);
  await page.keyboard.press('Control+z');
  await expect(rows).toHaveCount(before + 1);
  await page.keyboard.press('Control+z');
  await expect(rows).toHaveCount(before);
  await page.keyboard.press('Alt+ArrowDown');
  await expect(rows.nth(2)).toHaveAttribute('aria-label', /a1 CAPABILITY/);
  await page.keyboard.press('Alt+ArrowUp');
  await expect(rows.nth(1)).toHaveAttribute('aria-label', /a1 CAPABILITY/);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('li.row.now')).toHaveAttribute('aria-label', /LOGINDISABLED/);
  await panel(page, 'Sessions');
  const chip = page.locator('.editor .chips').getByRole('button', { name: 'LOGINDISABLED' });
  await expect(chip).toHaveAttribute('aria-pressed', 'true');
  await chip.click();
  await expect(page.locator('.facts')).toContainText(/LOGINDISABLED/);
  await expect(page.getByRole('listitem', { name: /CAPABILITY IMAP4rev1 STARTTLS$/ })).toBeVisible();
  await expect(chip).toHaveAttribute('aria-pressed', 'false');
  await accessible();
});

test('would it have fallen: an answer, or what is missing', async ({ page, accessible, picture }) => {
  await open(page);
  await pasted(page, LOG, /a3 LOGIN/);
  await panel(page, 'Sessions');
  await page.getByLabel('In the middle').selectOption('strip-capability');
  const answer = page.getByRole('region', { name: 'Would it have fallen?' });
  await expect(answer).toContainText('Cannot tell');
  await expect(answer).toContainText('Whether the client goes on without TLS when none is offered');
  await accessible();
  await picture('what-if');
  await page.getByLabel('The client', { exact: true }).selectOption('opportunistic');
  await expect(answer).toContainText('Yes:');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(answer).toContainText('Cannot tell');
  await page.getByLabel('In the middle').selectOption('');
  await expect(answer).toHaveCount(0);
  await expect(page.locator('body')).not.toContainText('swordfish');
});

test('two sessions stand side by side and the first difference is named', async ({ page, accessible, picture }) => {
  await open(page);
  await page.goto('./#/compare');
  await page.getByRole('button', { name: /^Keep/ }).click();
  await expect(page.getByRole('main').getByRole('status')).toHaveText('The two sessions take the same steps.');
  await page.getByRole('link', { name: 'To the workbench' }).click();
  await pasted(page, LOG, /a3 LOGIN/);
  await page.getByRole('button', { name: 'Keep to compare' }).click();
  await pasted(page, LOG.replace('a2 OK go\n<TLS negotiation>', 'a2 NO no'), /a2 NO no/);
  await page.getByRole('link', { name: 'Compare with the kept one' }).click();
  await expect(page.getByRole('main').getByRole('status')).toContainText(
    'STARTTLS is answered OK in the first session and NO in the second',
  );
  await page.getByRole('button', { name: 'Go to the first difference' }).click();
  await expect(page.locator('.pairs .first')).toBeFocused();
  await accessible();
  await picture('compare');
});

test('what was taken for the wrong thing is put right', async ({ page, accessible }) => {
  await open(page);
  await pasted(page, '* OK [CAPABILITY IMAP4rev1] ready\na1 LOGIN joe swordfish\na1 OK in\n', /a1 LOGIN/);
  await panel(page, 'Sessions');
  await expect(page.getByLabel('Read as')).toHaveValue('bare');
  await expect(score(page)).toContainText('A password crossed in the clear');
  await page.getByRole('button', { name: 'Swap client and server' }).click();
  await expect(page.getByLabel('Read as')).toHaveValue('transcript');
  await expect(page.getByRole('listitem', { name: /Client to server/ })).toHaveCount(2);
  await expect(page.locator('body')).not.toContainText('swordfish');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('listitem', { name: /Server to client, in the clear: \* OK/ })).toBeVisible();
  await accessible();
  await expect(page.locator('body')).not.toContainText('swordfish');
});

test('what a hostile log holds stays text', async ({ page, accessible }) => {
  await open(page);
  const title = await page.title();
  await paste(
    page,
    'S: * OK <img src=x onerror=alert(1)><script>document.title="owned"</script> \u202eready\n' +
      'C: a1 </code></li></ol><h1>gone</h1>\nS: a1 BAD <style>*{display:none}</style>\n<b>nobody</b>\u001b[2J\n',
  );
  await expect(page.getByRole('listitem', { name: /<img src=x/ })).toBeVisible();
  await expect(page.locator('.ladder img, .ladder script, .ladder style, .ladder h1')).toHaveCount(0);
  expect(await page.title()).toBe(title);
  const text = (await page.locator('body').textContent()) ?? '';
  expect(text).not.toMatch(/[\u001b\u202e\u2066-\u2069]/);
  await accessible();
});
