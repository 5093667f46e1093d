// What has to happen before the page's own code is there, or without it: text that is typed early is kept, the service
// worker is asked for, and a new version waits for consent.
(() => {
  'use strict';
  const root = document.documentElement;

  // Early text: pasted text is read as soon as the page can, typed text waits in the window that opens a log.
  const early = document.getElementById('early');
  let pasted = false;
  if (early) {
    early.disabled = false;
    early.addEventListener('input', (event) => {
      pasted = event.inputType === 'insertFromPaste' || event.inputType === 'insertFromDrop';
    });
  }
  document.addEventListener('lab-started', () => {
    const text = early ? early.value : '';
    if (text.trim()) setTimeout(() => (pasted ? paste(text) : keep(text)));
  });

  const paste = (text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  };

  const keep = (text) => {
    document.querySelector('button.import')?.click();
    setTimeout(() => {
      const area = document.getElementById('typed');
      if (!area) return;
      area.value = text;
      area.focus();
    }, 50);
  };

  // Within another page's frame: what that page may say is in embed.js. Nothing of a log goes out.
  const drop = (files) => {
    const dataTransfer = new DataTransfer();
    for (const file of files) dataTransfer.items.add(file);
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  };
  if (parent !== window) {
    let started = false;
    let host;
    document.addEventListener('lab-started', () => (started = true));
    const release = document.querySelector('meta[name=release]')?.content ?? '';
    addEventListener('message', ({ source, data, origin }) => {
      if (source !== parent || !started || typeof data?.lab !== 'string') return;
      host = origin === 'null' ? '*' : origin;
      if (data.lab === 'ping') parent.postMessage({ lab: 'ready', release }, host);
      if (data.lab === 'show' && /^#\//.test(data.address)) location.hash = data.address;
      if (data.lab === 'open') drop([new File([data.octets ?? String(data.text)], String(data.name))]);
      if (data.lab === 'theme') {
        if (['light', 'dark'].includes(data.theme)) root.dataset.theme = data.theme;
        else delete root.dataset.theme;
      }
    });
    // The screen alone: what stands behind it may be a session that somebody shares.
    addEventListener('hashchange', () => {
      if (host) parent.postMessage({ lab: 'address', address: location.hash.split('?')[0] }, host);
    });
  }

  // Files that the system opens with the installed page.
  if ('launchQueue' in window) {
    window.launchQueue.setConsumer(async (launch) => {
      if (!launch.files?.length) return;
      drop(await Promise.all(launch.files.map((handle) => handle.getFile())));
    });
  }

  // The page in one file, and a build for development, have no list of files: there is nothing to keep.
  const script = document.querySelector('meta[name=offline]')?.content;
  const say = (state) => (root.dataset.offline = state);
  if (!script) return say('none');
  if (!('serviceWorker' in navigator)) return say('unable');
  if (location.protocol === 'file:') return say('unable');

  let asked = false;
  const banner = (waiting) => {
    if (document.getElementById('update')) return;
    const bar = document.createElement('div');
    bar.id = 'update';
    bar.setAttribute('role', 'status');
    const words = document.createElement('span');
    words.textContent = 'A new version of this page is ready. What is on the table goes when it is loaded.';
    const button = (text, act) => {
      const made = document.createElement('button');
      made.type = 'button';
      made.className = 'plain';
      made.textContent = text;
      made.addEventListener('click', act);
      return made;
    };
    bar.append(
      words,
      button('Load it now', () => {
        asked = true;
        if (waiting) waiting.postMessage('take over');
        else location.reload();
      }),
      button('Later', () => bar.remove()),
    );
    document.body.append(bar);
  };

  const watch = (registration) => {
    if (registration.waiting && navigator.serviceWorker.controller) banner(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && navigator.serviceWorker.controller) banner(coming);
        if (coming.state === 'activated') say('ready');
      });
    });
    if (registration.active) say('ready');
  };

  // Only a person's word reloads the page, and that said in this window: the first worker of all takes its place without.
  let controlled = !!navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (asked) location.reload();
    else if (controlled) banner();
    controlled = true;
  });
  const register = () =>
    navigator.serviceWorker.register(script).then(watch, () => say('refused'));
  if (document.readyState === 'complete') register();
  else addEventListener('load', register);
})();
