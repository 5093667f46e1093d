import { expect, test } from '../fixtures';
import { counts, defend, news, open, panel, score } from '../steps';

test('a client that requires TLS is safe, and both say so', async ({ page, accessible }) => {
  await open(page);
  await page.keyboard.press('End');
  await expect(score(page)).toContainText('The attacker has the password');
  await panel(page, 'Switches');
  await page.getByRole('radiogroup', { name: 'TLS policy' }).getByRole('radio', { name: 'required' }).check();
  await expect(news(page)).toContainText('Changed: the attacker no longer gets the password');
  await expect(score(page)).toContainText('The attacker has nothing');
  await panel(page, 'Verdicts');
  await expect.poll(() => counts(page).then(([broken]) => broken)).toBe(0);
  await accessible();
});

test('without LOGINDISABLED the server takes the password and a rule is broken', async ({ page, accessible }) => {
  await open(page);
  await page.keyboard.press('End');
  await panel(page, 'Verdicts');
  const [before] = await counts(page);
  await panel(page, 'Switches');
  const ban = page.getByRole('switch', { name: 'LOGINDISABLED before TLS' });
  await ban.uncheck();
  await expect(news(page)).toContainText(/Changed: .*verdicts? (is|are) different/);
  await panel(page, 'Verdicts');
  await expect.poll(() => counts(page).then(([broken]) => broken)).toBeGreaterThan(before!);
  await accessible();
  await panel(page, 'Switches');
  await ban.check();
  await panel(page, 'Verdicts');
  await expect.poll(() => counts(page).then(([broken]) => broken)).toBe(before);
});

for (const [answer, sign] of [
  ['NO', /NO/],
  ['BAD', /BAD/],
  ['silence', /STARTTLS.*The middle keeps it/],
  ['hang up', /closes the connection/],
] as const) {
  test(`STARTTLS is answered with ${answer}`, async ({ page, accessible, picture }) => {
    await open(page);
    await panel(page, 'Switches');
    await page.getByRole('radio', { name: 'Refuse STARTTLS' }).check();
    await page.getByText('Variant: as usual').click();
    const answers = page.getByLabel('Answer to STARTTLS');
    await answers.selectOption({ label: answer });
    await expect(answers.locator('option:checked')).toHaveText(answer);
    await page.locator('h2#story').click();
    await page.keyboard.press('End');
    await expect(page.getByRole('heading', { name: 'Refuse STARTTLS' })).toBeVisible();
    await expect(page.getByRole('listitem', { name: sign }).first()).toBeVisible();
    await expect(score(page)).toContainText(/The attacker has (the password|nothing)/);
    await accessible();
    await picture(`refused-${answer.replace(' ', '-')}`);
  });
}

test('an honest middle sees TLS come up', async ({ page, accessible, picture }) => {
  await open(page);
  await panel(page, 'Switches');
  await page.getByRole('radio', { name: 'Honest relay' }).check();
  await page.getByLabel('Client profile').selectOption('private');
  await page.locator('h2#story').click();
  await page.keyboard.press('End');
  await expect(page.getByRole('listitem', { name: /TLS 1\.3/ })).toBeVisible();
  await expect(score(page)).toContainText('The login worked, out of its sight');
  await accessible();
  await picture('tls');
});

test('every control says in plain words what it does', async ({ page }) => {
  await open(page);
  await panel(page, 'Switches');
  for (const summary of await page.locator('.rail summary').all()) await summary.click();
  const controls = page.locator('.rail :is([role=switch], [role=radiogroup], input[name=middle])');
  for (const control of await controls.all()) {
    const hint = await control.getAttribute('aria-describedby');
    await expect(page.locator(`[id="${hint}"]`)).toHaveText(/^(?!.*RFC).{12,}\.$/);
  }
  expect(await controls.count()).toBeGreaterThan(20);
});

test('a profile that was changed says so in its list', async ({ page, accessible }) => {
  await open(page);
  await panel(page, 'Switches');
  const profile = page.getByLabel('Client profile');
  const chosen = profile.locator('option:checked');
  await expect(chosen).toHaveText('TLS if offered');
  await page.getByRole('radiogroup', { name: 'TLS policy' }).getByRole('radio', { name: 'required' }).check();
  await expect(chosen).toHaveText('TLS if offered, changed');
  await accessible();
  await page.getByRole('radiogroup', { name: 'TLS policy' }).getByRole('radio', { name: 'if offered' }).check();
  await expect(chosen).toHaveText('TLS if offered');
});

test('another protocol plays the same story in its own words', async ({ page, accessible, picture }) => {
  await open(page);
  await panel(page, 'Switches');
  await page.getByText('Variant: as usual').click();
  await expect(page.getByRole('radiogroup', { name: 'Words removed' })).toBeVisible();
  await page.getByRole('radio', { name: 'POP3' }).check();
  // LOGINDISABLED is a word of IMAP: here there is nothing to choose.
  await expect(page.getByRole('radiogroup', { name: 'Words removed' })).toHaveCount(0);
  await page.locator('h2#story').click();
  await page.keyboard.press('End');
  await expect(page.getByRole('listitem', { name: /1 word removed here/ })).toBeVisible();
  await expect(page.getByRole('listitem', { name: /Client to server, in the clear: USER tim/ })).toBeVisible();
  await accessible();
  await picture('pop3');
});

test('what takes the remedy does not take the place of somebody who moved on', async ({ page }) => {
  await open(page);
  await page.keyboard.press('End');
  // One turn: press the button, go elsewhere, and stay there.
  await defend(page);
  await expect(score(page).getByRole('heading')).toBeFocused();
  const slider = page.getByRole('slider', { name: 'Step' });
  await slider.focus();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  await expect(slider).toBeFocused();
});
