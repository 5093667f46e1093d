// Measures the built page as Lighthouse's mobile and desktop presets see it, and prints a table for docs/measured.md.
//
//   cargo xtask build
//   cd tests/lighthouse && npm ci && node run.mjs
//
// It serves dist/ itself, packed as a static host sends it. CHROME_PATH names another browser than /usr/bin/chromium.
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import lighthouse, { desktopConfig } from 'lighthouse';

const dist = new URL('../../dist/', import.meta.url).pathname;
const kinds = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
const packed = new Map();
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
  const file = join(dist, path.endsWith('/') ? 'index.html' : path);
  try {
    if (!file.startsWith(dist) || !statSync(file).isFile()) throw new Error('no such file');
    if (!packed.has(file)) packed.set(file, brotliCompressSync(readFileSync(file)));
    response.writeHead(200, {
      'content-type': kinds[extname(file)] ?? 'application/octet-stream',
      'content-encoding': 'br',
      'cache-control': /index\.html$|sw\.js$/.test(file) ? 'no-cache' : 'public, max-age=31536000, immutable',
    });
    response.end(packed.get(file));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const port = 9300 + (process.pid % 500);
const chrome = spawn(
  process.env.CHROME_PATH ?? '/usr/bin/chromium',
  [
    `--remote-debugging-port=${port}`,
    `--user-data-dir=${join(tmpdir(), `lighthouse-${process.pid}`)}`,
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
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
    url,
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
chrome.kill();
server.close();
