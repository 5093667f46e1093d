// Measures the built page as Lighthouse's mobile and desktop presets see it, and how soon it answers, for docs/measured.md.
//
//   cargo xtask build
//   cd tests/lighthouse && npm ci && node run.mjs [SITE]
//
// It serves SITE, a folder (dist/), itself, packed as a static host sends it. CHROMIUM names another browser than /usr/bin/chromium.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import puppeteer from 'puppeteer-core';
import { args, executablePath } from '../chromium.mjs';
import { serve } from '../serve.mjs';
import { answers } from './inp.mjs';

const [site = new URL('../../dist/', import.meta.url).pathname] = process.argv.slice(2);
const server = await serve(site, { packed: true });

const port = 9300 + (process.pid % 500);
const chrome = spawn(
  executablePath,
  [
    `--remote-debugging-port=${port}`,
    `--user-data-dir=${join(tmpdir(), `lighthouse-${process.pid}`)}`,
    ...args,
    'about:blank',
  ],
  { stdio: 'ignore' },
);
for (let turn = 0; turn < 100; turn++) {
  try {
    await fetch(`http://127.0.0.1:${port}/json/version`);
    break;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const rows = [];
for (const [name, config] of [['mobile', undefined], ['desktop', desktopConfig]]) {
  const { lhr } = await lighthouse(
    server.url,
    { port, output: 'json', logLevel: 'error', onlyCategories: ['performance', 'accessibility', 'best-practices'] },
    config,
  );
  if (lhr.runtimeError) {
    console.error(`${name}: ${lhr.runtimeError.message}`);
    continue;
  }
  const score = (id) => Math.round(lhr.categories[id].score * 100);
  const value = (id) => lhr.audits[id].numericValue;
  const failed = Object.values(lhr.audits).filter(
    (audit) => audit.score === 0 && ['binary', 'numeric'].includes(audit.scoreDisplayMode),
  );
  rows.push(
    `| ${name} | ${score('performance')} | ${score('accessibility')} | ${score('best-practices')} ` +
      `| ${Math.round(value('total-byte-weight') / 1024)} KB | ${Math.round(value('first-contentful-paint'))} ` +
      `| ${Math.round(value('largest-contentful-paint'))} | ${Math.round(value('total-blocking-time'))} ` +
      `| ${(value('cumulative-layout-shift') ?? NaN).toFixed(3)} |`,
  );
  for (const audit of failed) console.error(`${name}: ${audit.id}: ${audit.title}`);
}
console.log('| preset | performance | accessibility | best practices | bytes | FCP ms | LCP ms | TBT ms | CLS |');
console.log('|---|---|---|---|---|---|---|---|---|');
rows.forEach((row) => console.log(row));
const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}` });
const all = await answers(await browser.newPage(), server.url);
const centile = (part) => all[Math.min(all.length - 1, Math.floor(all.length * part))].duration;
console.log(`INP of ${all.length} keys and clicks at a quarter of the speed: median ${centile(0.5)} ms, 95th centile ${centile(0.95)} ms`);
for (const { duration, what } of all.slice(-3)) console.log(`  ${duration} ms: ${what}`);
await browser.disconnect();
chrome.kill();
server.close();
