// Measures how long the page takes to compute the matrix of every protocol in its worker, against clients and against rules,
// and when it first tells how far it is, for docs/measured.md. No test: its numbers are those of a machine and of what else
// the machine does.
//
//   cargo xtask build && python3 -m http.server 8080 --bind 127.0.0.1 --directory dist
//   cd tests/e2e && npm ci && BASE_URL=http://127.0.0.1:8080/ node measure-matrix.mjs
import { chromium } from '@playwright/test';
import { args, executablePath } from '../chromium.mjs';

const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(process.env.BASE_URL ?? 'http://127.0.0.1:8080/');
await page.locator('li.row').first().waitFor();

/** Goes to an address and waits for the table: when something was told first, and when the table stood there. */
const measured = (hash) =>
  page.evaluate(
    (hash) =>
      new Promise((resolve) => {
        const begun = performance.now();
        let told;
        const look = () => {
          const found = document.querySelector('main.matrix .found')?.innerText ?? '';
          if (told === undefined && /\d+ of \d+ attacks/.test(found)) told = performance.now() - begun;
          if (!document.querySelector('main.matrix [role=grid]') || !/from \d+ runs/.test(found)) return;
          seen.disconnect();
          resolve({ told, made: performance.now() - begun, found });
        };
        const seen = new MutationObserver(look);
        seen.observe(document.body, { childList: true, subtree: true, characterData: true });
        location.hash = hash;
      }),
    hash,
  );

const shown = (ms) => (ms === undefined ? 'never' : `${ms.toFixed(0)} ms`);
let all = 0;
for (const view of ['profiles', 'rules']) {
  for (const protocol of ['imap', 'pop3', 'acap']) {
    const { told, made, found } = await measured(`#/matrix?p=${protocol}&view=${view}`);
    all += made;
    console.log(`${protocol} against ${view}: first progress ${shown(told)}, done ${shown(made)}: ${found}`);
    // Away, so that the next table is a fresh one.
    await page.evaluate(() => {
      location.hash = '#/docs';
    });
    await page.locator('main.matrix').waitFor({ state: 'detached' });
  }
}
await browser.close();
console.log(`all of them, one after the other: ${shown(all)}`);
