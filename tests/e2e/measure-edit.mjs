// Measures how long a verdict takes to appear after an edit of a session of 31 lines, for docs/measured.md. No test: its
// numbers are those of a machine and of what else the machine does.
//
//   cargo xtask build && python3 -m http.server 8080 --bind 127.0.0.1 --directory dist
//   cd tests/e2e && npm ci && BASE_URL=http://127.0.0.1:8080/ node measure-edit.mjs
import { chromium } from '@playwright/test';
import { args, executablePath } from '../chromium.mjs';

const head = [
  'S: * OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready',
  'C: a1 STARTTLS',
  'S: a1 OK go',
  '<TLS negotiation>',
  'C: a2 CAPABILITY',
  'S: * CAPABILITY IMAP4rev1 AUTH=PLAIN',
  'S: a2 OK done',
  'C: a3 LOGIN tim secret',
  'S: a3 OK in',
];
const noops = Array.from({ length: 10 }, (_, n) => [`C: b${n} NOOP`, `S: b${n} OK done`]).flat();
const session = [...head, ...noops, 'C: z LOGOUT', 'S: z OK bye'];
if (session.length !== 31) throw new Error(`${session.length} lines`);

const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(process.env.BASE_URL ?? 'http://127.0.0.1:8080/');
await page.locator('li.row').first().waitFor();
await page.evaluate((text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}, session.join('\n'));
await page.getByRole('listitem', { name: /a1 OK go/ }).locator('.number').click();
const line = page.getByLabel(/^Line \d+ of \d+/);
const taken = [];
for (let turn = 0; turn < 22; turn += 1) {
  // Refused, the login that follows is in the clear; granted, it is not: the verdicts change each time.
  const text = turn % 2 ? 'S: a1 OK go' : 'S: a1 NO not now';
  taken.push(
    await line.evaluate(
      (input, text) =>
        new Promise((resolve) => {
          const verdicts = document.querySelector('.verdicts');
          const before = verdicts.innerText;
          const begun = performance.now();
          const seen = new MutationObserver(() => {
            if (verdicts.innerText === before) return;
            seen.disconnect();
            resolve(performance.now() - begun);
          });
          seen.observe(verdicts, { childList: true, subtree: true, characterData: true });
          input.value = text;
          input.dispatchEvent(new Event('change', { bubbles: true }));
        }),
      text,
    ),
  );
}
await browser.close();
// The first two warm up.
const sorted = taken.slice(2).sort((a, b) => a - b);
const shown = (ms) => `${ms.toFixed(1)} ms`;
console.log(`edit to verdict, ${sorted.length} edits: least ${shown(sorted[0])}, median ${shown(sorted[sorted.length >> 1])}, most ${shown(sorted.at(-1))}`);
