import { expect, test } from '../fixtures';
import { open, panel } from '../steps';

const h1 = (page: import('@playwright/test').Page) => page.getByRole('heading', { level: 1 });

/** The machines on the workbench: by the choice at the right of a desk, by a tab on a phone. */
const states = async (page: import('@playwright/test').Page) => {
  const choice = page.getByRole('radiogroup', { name: 'Show at the right' });
  if (await choice.isVisible()) await choice.getByRole('radio', { name: 'States' }).check();
  else await panel(page, 'States');
};

test('the six machines are drawn and told', async ({ page, accessible, picture }) => {
  await page.goto('./#/machines');
  await expect(h1(page)).toHaveText('Six machines');
  for (const [id, name, state] of [['pop3', 'POP3', 'transaction'], ['imap', 'IMAP', 'selected'], ['acap', 'ACAP', 'second greeting']] as const) {
    await page.getByRole('radio', { name }).check();
    await expect(page.locator('svg.diagram')).toHaveCount(2);
    await expect(page.locator('.stages dt', { hasText: new RegExp(`^${state}$`) })).toBeVisible();
    // What is drawn is told: as many moves in the lists as arrows.
    expect(await page.locator('.moves li').count()).toBe(await page.locator('svg .edge').count());
    await expect.poll(() => page.evaluate(() => location.hash)).toBe(`#/machines?p=${id}`);
    await accessible();
    await picture(`machines-${id}`);
  }
  await page.reload();
  await expect(page.getByRole('radio', { name: 'ACAP' })).toBeChecked();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('both machines are lit at every step, with what may be said', async ({ page, accessible, picture }) => {
  test.slow();
  await page.goto('./#/?p=imap&c=private&a=none');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await states(page);
  const client = page.locator('.states-now .machine.client');
  const server = page.locator('.states-now .machine.server');
  await expect(client.locator('.stage b')).toHaveText('greeting');
  await expect(server.getByRole('list', { name: 'Legal now' })).toContainText('STARTTLS');
  await accessible();
  await picture('states-start');
  const seen = { client: new Set<string>(), server: new Set<string>() };
  const slider = page.getByRole('slider', { name: 'Step' });
  for (;;) {
    for (const [name, card] of Object.entries({ client, server })) {
      const now = (await card.locator('.stage b').textContent()) ?? '';
      await expect(card.locator('.node.now text')).toHaveText(now);
      seen[name as 'client' | 'server'].add(now);
    }
    const at = await slider.inputValue();
    if (at === (await slider.getAttribute('max'))) break;
    await page.keyboard.press('ArrowRight');
    await expect(slider).not.toHaveValue(at);
  }
  expect([...seen.client]).toEqual(expect.arrayContaining(['upgrade', 'handshake', 'login', 'work', 'ended']));
  expect([...seen.server]).toEqual(expect.arrayContaining(['not authenticated', 'handshake', 'authenticated', 'selected', 'logout']));
  await picture('states-end');
  await accessible();
  await page.getByRole('link', { name: 'All states and moves, with what triggers them' }).click();
  await expect(h1(page)).toHaveText('Six machines');
});

test('a state leads to its first event, and one that was not reached says so', async ({ page, accessible }) => {
  await page.goto('./#/?p=imap&c=private&a=none');
  await expect(page.locator('li.row')).not.toHaveCount(0);
  await page.keyboard.press('End');
  await states(page);
  const server = page.locator('.states-now .machine.server');
  const slider = page.getByRole('slider', { name: 'Step' });
  const last = await slider.inputValue();
  await server.getByRole('button', { name: 'authenticated', exact: true }).click();
  await expect(slider).not.toHaveValue(last);
  await expect(server.locator('.stage b')).toHaveText('authenticated');
  await accessible();
  await page.goto('./#/?p=imap&c=private&a=strip-capability');
  await expect(page.getByRole('heading', { name: 'Strip the offer' })).toBeVisible();
  await page.keyboard.press('End');
  await states(page);
  const client = page.locator('.states-now .machine.client');
  const never = client.getByRole('button', { name: /, not reached in this session$/ }).first();
  await expect(never).toHaveAttribute('aria-disabled', 'true');
  const here = await slider.inputValue();
  await never.click({ force: true });
  await expect(slider).toHaveValue(here);
});

test('a recording has no machines to show', async ({ page }) => {
  await open(page);
  await states(page);
  await page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n');
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await expect(page.locator('li.row')).toHaveCount(3);
  await expect(page.locator('.states-now')).toHaveCount(0);
  await expect(page.locator('.verdicts')).toBeVisible();
});
