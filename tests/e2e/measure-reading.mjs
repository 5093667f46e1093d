// Measures how a long recording is read: how soon something is seen of it, how long the page's own thread is ever busy,
// and how soon it stops when it is told to. For docs/measured.md; no test: its numbers are those of a machine and of
// what else the machine does.
//
//   cargo xtask build && python3 -m http.server 8080 --bind 127.0.0.1 --directory dist
//   cd tests/e2e && npm ci && BASE_URL=http://127.0.0.1:8080/ node measure-reading.mjs
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { args, executablePath } from '../chromium.mjs';

const turns = Number(process.env.TURNS ?? 5);

/** A session of so many lines, as somebody pastes it. */
const log = (lines) => {
  const all = [
    'S: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready',
    'C: a1 CAPABILITY',
    'S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED',
    'S: a1 OK done',
    'C: a2 LOGIN tim secret',
    'S: a2 OK in',
  ];
  for (let n = 0; all.length + 3 <= lines; n += 1) {
    all.push(`C: b${n} FETCH ${n} (FLAGS BODY.PEEK[HEADER])`, `S: * ${n} FETCH (FLAGS (\\Seen))`, `S: b${n} OK done`);
  }
  while (all.length < lines) all.push('S: * OK still here');
  return all.join('\n');
};

/** A capture of at least so many octets: the sessions of one again and again, each time with other addresses. */
const capture = (octets) => {
  const name = '../corpus/sessions/0622-curl-pop3-required-cyrus-a-cmd_inject/client.pcap';
  const one = readFileSync(new URL(name, import.meta.url));
  const [head, packets] = [one.subarray(0, 24), one.subarray(24)];
  const loopback = Buffer.from([127, 0, 0, 1]);
  const places = [];
  for (let at = packets.indexOf(loopback); at >= 0; at = packets.indexOf(loopback, at + 4)) places.push(at);
  const parts = [head];
  let length = head.length;
  for (let copy = 0; length < octets; copy += 1) {
    const other = Buffer.from(packets);
    for (const at of places) other.set([10, (copy >> 16) & 255, (copy >> 8) & 255, copy & 255], at);
    parts.push(other);
    length += other.length;
  }
  return Buffer.concat(parts);
};

const browser = await chromium.launch({ executablePath, args });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(process.env.BASE_URL ?? 'http://127.0.0.1:8080/');
await page.locator('li.row').first().waitFor();
await page.evaluate(() => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => [entry.startTime, entry.duration]))).observe({
    type: 'longtask',
  });
  const once = (found) =>
    new Promise((resolve) => {
      const look = () => {
        if (!found()) return false;
        resolve(performance.now());
        return true;
      };
      const seen = new MutationObserver(() => look() && seen.disconnect());
      if (!look()) seen.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
    });
  const drop = (file) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(file);
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  };
  const paste = (text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  };
  const progress = () => document.querySelector('.news progress');
  const opened = (name) => () => !progress() && [...document.querySelectorAll('h2, h3')].some((title) => title.textContent.includes(name));
  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  /** The longest the page was busy without a break since a moment; what took less than 50 ms is not told. */
  const busiest = async (since) => {
    await rest(500);
    return Math.max(0, ...tasks.filter(([at, took]) => at + took > since).map(([, took]) => took));
  };
  Object.assign(window, { measure: { once, drop, paste, progress, opened, busiest, rest } });
});

const report = (what, taken) => {
  const sorted = taken.filter((ms) => Number.isFinite(ms)).sort((a, b) => a - b);
  const shown = (ms) => (ms === undefined ? 'none' : `${ms.toFixed(0)} ms`);
  console.log(`${what}: least ${shown(sorted[0])}, median ${shown(sorted[sorted.length >> 1])}, most ${shown(sorted.at(-1))}`);
};
const column = (rows, name) => rows.map((row) => row[name]);

const pasted = [];
for (let turn = 0; turn <= turns; turn += 1) {
  pasted.push(
    await page.evaluate(
      async ([text, mark]) => {
        const { once, paste, busiest } = window.measure;
        const begun = performance.now();
        paste(text);
        const done = await once(() => document.querySelector('.verdicts') && document.querySelector('.rows')?.textContent.includes(mark));
        return { took: done - begun, busy: await busiest(begun) };
      },
      [log(399).replace('ready', `ready${turn}x`), `ready${turn}x`],
    ),
  );
}
// The first one warms up.
report(`400 pasted lines to findings, ${turns} times`, column(pasted.slice(1), 'took'));
report('  the longest task', column(pasted.slice(1), 'busy'));

const read = async (name, octets, type) => {
  const base64 = Buffer.from(octets).toString('base64');
  await page.evaluate(
    async ([name, base64, type]) => {
      const response = await fetch(`data:application/octet-stream;base64,${base64}`).catch(() => null);
      // The page's policy allows no such address: then letter by letter.
      const octets = response ? await response.arrayBuffer() : Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      window.measure.file = new File([octets], name, { type });
      await window.measure.rest(1000);
    },
    [name, base64, type],
  );
  const taken = [];
  for (let turn = 0; turn < turns; turn += 1) {
    taken.push(
      await page.evaluate(
        async ([name, turn]) => {
          const { once, drop, progress, opened, busiest, rest, file } = window.measure;
          const other = `${turn}-${name}`;
          const begun = performance.now();
          const first = once(progress);
          const whole = once(opened(other));
          drop(new File([file], other));
          const answer = { first: (await first) - begun, took: (await whole) - begun };
          answer.busy = await busiest(begun);
          // Once more, to stop it at its first sign of life.
          const rows = document.querySelectorAll('li.row').length;
          drop(new File([file], `stopped-${other}`));
          await once(progress);
          await rest(30);
          const button = [...document.querySelectorAll('.news button')].find((button) => button.textContent.includes('Cancel'));
          const pressed = performance.now();
          button?.click();
          answer.stopped = button ? (await once(() => !progress())) - pressed : NaN;
          await rest(1500);
          answer.same = document.querySelectorAll('li.row').length === rows && !opened(`stopped-${other}`)();
          return answer;
        },
        [name, turn],
      ),
    );
  }
  report(`${name}, ${(octets.length / 1e6).toFixed(1)} MB, first progress, ${turns} times`, column(taken, 'first'));
  report('  on the table', column(taken, 'took'));
  report('  the longest task', column(taken, 'busy'));
  report('  from Cancel to stopped', column(taken, 'stopped'));
  if (!taken.every((row) => row.same)) console.log('  a stopped reading changed the page');
};
await read('50,000-lines.log', Buffer.from(log(50_000)), 'text/plain');
await read('sessions.pcap', capture(20_000_000), '');
await browser.close();
