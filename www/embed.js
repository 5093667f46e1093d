// How another page talks to the laboratory in its frame. Every message is an object whose `lab` says what it is.
//
//   to the frame    { lab: 'ping' }                   answered by ready; send it until then
//                   { lab: 'show', address: '#/...' } a screen or a setup, by the address that the laboratory itself has
//                   { lab: 'open', name, text }       a log, or { lab: 'open', name, octets: ArrayBuffer }
//                   { lab: 'theme', theme }           'light', 'dark' or 'system'
//   from the frame  { lab: 'ready', release }         it listens
//                   { lab: 'address', address }       the person went to this screen; never anything of a log
'use strict';
const frame = document.getElementById('lab');
const state = document.getElementById('state');
const home = new URL('.', location.href).origin;
// A page that was opened from a disk has no origin of its own.
const send = (message) => frame.contentWindow.postMessage(message, home === 'null' ? '*' : home);

let ready = false;
const knock = setInterval(() => (ready ? clearInterval(knock) : send({ lab: 'ping' })), 200);
addEventListener('message', ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data?.lab === 'ready') {
    ready = true;
    state.textContent = `The laboratory is there, release ${data.release}.`;
  }
  if (data?.lab === 'address') state.textContent = `The laboratory shows ${data.address}`;
});

for (const button of document.querySelectorAll('[data-show]')) {
  button.addEventListener('click', () => send({ lab: 'show', address: button.dataset.show }));
}
document.querySelector('[data-log]').addEventListener('click', () =>
  send({ lab: 'open', name: 'example.log', text: 'S: * OK ready\nC: a1 NOOP\nS: a1 OK done\n' }),
);
const themes = ['light', 'dark', 'system'];
document.querySelector('[data-theme-next]').addEventListener('click', () => {
  themes.push(themes.shift());
  document.documentElement.dataset.theme = themes[0];
  send({ lab: 'theme', theme: themes[0] });
});
