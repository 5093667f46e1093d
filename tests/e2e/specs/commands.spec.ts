import { expect, test } from '../fixtures';
import { open, score, tabTo } from '../steps';

/** Which keys the page takes for itself: they are cancelled. */
const taken = async (page: import('@playwright/test').Page) => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789.,?/+-#<>'];
  const named = ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', ' ', 'Tab', 'Enter', 'Escape', 'Backspace', 'F1', 'F2', 'F5', 'F8', 'Insert', 'Delete', 'ArrowUp', 'ArrowDown'];
  const all = [...letters, ...named].map((key) => ({ key, ctrl: false }));
  all.push(...letters.map((key) => ({ key, ctrl: true })));
  const found = await page.evaluate(
    (all) =>
      all
        .filter(
          ({ key, ctrl }) =>
            !document.body.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: ctrl, bubbles: true, cancelable: true })),
        )
        .map(({ key, ctrl }) => (ctrl ? `Ctrl ${key.toUpperCase()}` : key)),
    all,
  );
  // What one of them opened goes away again.
  const dialog = page.locator('dialog[open]');
  await expect(dialog).not.toHaveCount(0);
  while (await dialog.count()) await page.keyboard.press('Escape');
  // One of them leads into a field, whose keys are its own.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  return found;
};

const name: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ' ': 'Space', PageDown: 'Page down', PageUp: 'Page up' };

test('the list of keys is complete, and single keys can be switched off', async ({ page, accessible, picture }) => {
  await open(page);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Help' });
  await expect(help).toBeVisible();
  await accessible();
  await picture('keys');
  const listed = async (title: string) => {
    const keys = await help.locator(`h4:has-text("${title}") + dl kbd`).allTextContents();
    // With Shift, a key is the second way to what has another.
    return keys.flatMap((key) => key.split(' or ')).filter((key) => !key.includes('Shift'));
  };
  const shown = [...(await listed('On every screen')), ...(await listed('Where there is a session'))];
  expect(shown.length).toBeGreaterThan(10);
  await page.keyboard.press('Escape');
  expect((await taken(page)).map((key) => name[key] ?? key).sort()).toEqual([...shown].sort());

  await page.keyboard.press('?');
  await help.getByRole('switch').uncheck();
  await page.keyboard.press('Escape');
  const left = await taken(page);
  expect(left.filter((key) => key.length === 1)).toEqual([]);
  expect(left).toContain('ArrowRight');
});

test('everything is found by name', async ({ page, accessible, picture }) => {
  await open(page);
  await page.keyboard.press('Control+k');
  const find = page.getByRole('combobox', { name: /Find a screen/ });
  await expect(find).toBeFocused();
  await find.fill('the strip');
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText('The strip');
  await accessible();
  await picture('palette');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/learn\/strip\/1/);

  await page.keyboard.press('Control+k');
  await find.fill('a11');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/rules\/A11/);

  // An attack is a session to look at, and a command does what its key does.
  await page.keyboard.press('Control+k');
  await find.fill('inject commands pop3');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/p=pop3.*a=command-injection/);
  await page.keyboard.press('Control+k');
  await find.fill('last step');
  await page.keyboard.press('Enter');
  await expect(page.locator('li.row.later')).toHaveCount(0);
});

test('F1 explains what has the focus', async ({ page, accessible }) => {
  await open(page);
  await page.getByRole('slider', { name: 'Step' }).focus();
  await page.keyboard.press('F1');
  await expect(page.getByRole('dialog', { name: 'The step bar' })).toContainText('one message at a time');
  await accessible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('slider', { name: 'Step' })).toBeFocused();
});

test('the first minute: one attack, one question, one defence, two ways on', async ({ page, accessible, picture }) => {
  await open(page);
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowRight');
  await expect(score(page)).toContainText('The attacker has the password');
  const question = page.getByRole('region', { name: 'Who could have stopped this?' });
  await expect(question.getByRole('button')).toHaveCount(3);
  await accessible();
  await picture('first-minute');
  await question.getByRole('button', { name: 'The server' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('one message too late')).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Make the client strict and replay' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Changed: the attacker no longer gets the password/).first()).toBeVisible();
  // Two presses lead to both ways on.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Paste your own log' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Start the 45-minute lesson' })).toBeFocused();
  await accessible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/learn/);
});
