// A server of a built page for scripts that look at it, on a port of its own.
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const kinds = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/**
 * Serves a folder: its address, and what ends the server. What is `packed` is sent as a static host sends it: as brotli,
 * files with a checksum in their name to be kept.
 */
export const serve = async (folder, { packed = false } = {}) => {
  const sent = new Map();
  const octets = (path) => {
    if (!sent.has(path)) sent.set(path, packed ? brotliCompressSync(readFileSync(path)) : readFileSync(path));
    return sent.get(path);
  };
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname));
    const file = join(folder, path.endsWith('/') ? 'index.html' : path);
    try {
      if (!file.startsWith(folder) || !statSync(file).isFile()) throw new Error('no such file');
      const body = octets(file);
      const changing = /index\.html$|sw\.js$/.test(file);
      response.writeHead(200, {
        'content-type': kinds[extname(file)] ?? 'application/octet-stream',
        ...(packed && {
          'content-encoding': 'br',
          'cache-control': changing ? 'no-cache' : 'public, max-age=31536000, immutable',
        }),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
};
