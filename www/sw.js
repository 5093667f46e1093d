// Keeps the page's own files, and nothing else, so that it works with the network off. `cargo xtask build` writes the
// list of them with their checksums into FILES and the release into RELEASE.
'use strict';
const RELEASE = '';
const FILES = [];

const CACHE = `starttls-lab ${RELEASE}`;
const home = self.registration.scope;
const known = new Map(FILES.map(([name, sum]) => [new URL(name, home).href, sum]));

self.addEventListener('install', (event) => {
  const get = async () => {
    const cache = await caches.open(CACHE);
    // What does not have its checksum is of another release: then nothing of this one is kept.
    await Promise.all(
      [...known].map(async ([address, integrity]) => {
        const response = await fetch(new Request(address, { cache: 'no-cache', integrity }));
        if (!response.ok) throw new Error(`${address}: ${response.status}`);
        await cache.put(address, response);
      }),
    );
  };
  event.waitUntil(get());
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(
      names.filter((name) => name.startsWith('starttls-lab ') && name !== CACHE).map((name) => caches.delete(name)),
    );
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// The person agreed to the new version.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const address = new URL(event.request.url);
  address.hash = '';
  address.search = '';
  if (address.href === home) address.pathname += 'index.html';
  if (event.request.method !== 'GET' || !known.has(address.href)) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(address.href)) ?? fetch(event.request);
  };
  event.respondWith(answer());
});
