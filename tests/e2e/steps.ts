// What people do on the page, for every spec.
import { expect, type Locator, type Page } from '@playwright/test';

/** Opens the page and waits for the session. */
export const open = async (page: Page) => {
  await page.goto('./');
  await expect(page.locator('li.row')).not.toHaveCount(0);
};

/** Shows a panel: by its tab on a narrow page; on a wide one they are all there. */
export const panel = async (page: Page, name: string) => {
  await page.locator('main.bench').waitFor();
  const tab = page.getByRole('group', { name: 'Panel' }).getByRole('button', { name });
  if (await tab.isVisible()) await tab.click();
};

/** Pastes text as the keyboard would, whatever has the focus. */
export const paste = (page: Page, text: string) =>
  page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);

/** Pastes a log and waits until one of its rows stands there: till then, what is pressed belongs to what was on the table. */
export const pasted = async (page: Page, text: string, row: RegExp) => {
  await paste(page, text);
  await expect(page.getByRole('listitem', { name: row })).toBeVisible();
};

/** Drags a file over the page and drops it. */
export const drop = (page: Page, name: string, content: Buffer) => dropAll(page, [[name, content]]);

/** Drags files over the page and drops them. */
export const dropAll = (page: Page, files: [string, Buffer][]) =>
  page.evaluate(
    (files) => {
      const dataTransfer = new DataTransfer();
      for (const [name, content] of files) {
        const octets = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        dataTransfer.items.add(new File([octets], name));
      }
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    files.map(([name, content]) => [name, content.toString('base64')] as const),
  );

/** Presses Tab until something has the focus. */
export const tabTo = async (page: Page, target: Locator) => {
  for (let press = 0; press < 200; press++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target, 'Tab leads there').toBeFocused();
};

/** The counts above the verdicts: broken, cannot tell, kept. */
export const counts = async (page: Page) => {
  const text = (await page.locator('.counts').textContent()) ?? '';
  return (text.match(/\d+/g) ?? []).map(Number);
};

/** What happened to the person. */
export const score = (page: Page) => page.getByRole('region', { name: 'What happened' });

/** The sentence about what is new. */
export const news = (page: Page) => page.locator('.news');

/** Answers the question of the first minute, and makes the change that it leads to. */
export const defend = async (page: Page) => {
  await page.getByRole('button', { name: 'The client', exact: true }).click();
  await page.getByRole('button', { name: 'Make the client strict and replay' }).click();
};

/** Goes somewhere by name, by keyboard. */
export const find = async (page: Page, words: string) => {
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: /Find a screen/ })).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
};

/** A log with a login in the clear, and what of it must not get out. */
export const LOG = `S: * OK mail.acme-widgets.com ready
C: a1 CAPABILITY
S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
S: a1 OK done
C: a2 LOGIN wilhelmina.k swordfish-77
S: a2 OK in
C: a3 LOGOUT
S: * BYE gone
S: a3 OK out
`;
export const PRIVATE = /swordfish|wilhelmina|acme-widgets/i;

/** Follows a cell of the matrix to its run, and comes back to it. */
export const throughCell = async (page: Page, id: string | null, follow: () => Promise<void>) => {
  await follow();
  await expect(page.locator('li.row.now')).not.toHaveCount(0);
  await expect(page).toHaveURL(/#\/\?.*e=\d+/);
  await expect(score(page)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('grid')).toBeVisible();
  await expect(page.locator(`#${id}`)).toBeFocused();
};

/** Presents a step with the keys of a clicker: the task is done at the end. */
export const clicked = async (page: Page) => {
  await page.goto('./#/present/ready/2');
  await expect(page.locator('.present .lesson')).toBeVisible();
  await page.keyboard.press('PageDown');
  await expect(page.locator('.present .ladder')).toBeVisible();
  await page.keyboard.press('PageDown');
  await expect(page.locator('li.row:not(.later)')).toHaveCount(2);
  await page.keyboard.press('PageUp');
  await expect(page.locator('li.row:not(.later)')).toHaveCount(1);
  await page.keyboard.press('.');
  await expect(page.locator('.present .tasks li.done')).toHaveCount(1);
};

/** Blanks the screen that is presented, and shows it again. */
export const blanked = async (page: Page) => {
  await page.keyboard.press('b');
  await expect(page.locator('.blank')).toBeVisible();
  await page.keyboard.press('b');
  await expect(page.locator('.blank')).toHaveCount(0);
};
