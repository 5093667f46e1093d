// How soon the page answers: the time from a key or a click to the next picture, by the browser's own Event Timing, over
// the main screens at a quarter of the processor's speed.
import { setTimeout as pause } from 'node:timers/promises';

/** What is done, as `[where, what]`: a key, or the words of something to click. */
const JOURNEY = [
  ['#/', ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'text=The client', 'text=Make the client strict and replay', 'text=Undo']],
  ['#/', ['ArrowLeft', 'End', 'Home', 'F8']],
  ['#/', ['text=POP3', 'text=ACAP', 'text=IMAP', 'text=as of 1999', 'text=as of today', 'text=all at once', 'text=Undo', 'text=Redo']],
  ['#/', ['text=eavesdropper', 'text=all of it', 'text=Choose what is listed', 'text=More settings of this client']],
  ['#/rules', ['text=client', 'text=server', 'text=both']],
  ['#/machines', ['text=POP3', 'text=ACAP']],
  ['#/plain', ['text=Take one apart', 'text=Build a message']],
  ['#/learn/strip/1', ['text=The password.', 'ArrowRight', 'ArrowRight']],
  ['#/quiz', ['text=The password.']],
  ['#/own', ['text=A server', 'text=A client']],
];

/** Goes through the journey on a page of puppeteer's: how long each answer took, in milliseconds, the longest last. */
export const answers = async (page, url) => {
  await page.setViewport({ width: 1440, height: 900 });
  await page.emulateCPUThrottling(4);
  await page.goto(url);
  await page.waitForSelector('li.row');
  await pause(2000);
  await page.evaluate(() => {
    globalThis.interactions = new Map();
    new PerformanceObserver((list) => {
      for (const { interactionId, duration, name, target } of list.getEntries()) {
        if (!interactionId) continue;
        const known = globalThis.interactions.get(interactionId);
        if (!known || known.duration < duration) {
          globalThis.interactions.set(interactionId, { duration, what: `${name} ${target?.textContent?.slice(0, 40) ?? ''}` });
        }
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  });
  let done = 0;
  for (const [screen, acts] of JOURNEY) {
    await page.evaluate((screen) => (location.hash = screen), screen);
    await pause(1500);
    for (const act of acts) {
      if (act.startsWith('text=')) {
        const at = await page.evaluate((words) => {
          const all = document.querySelectorAll('button, a, summary, label, [role=radio]');
          const shown = [...all].find((one) => one.textContent.trim() === words && one.checkVisibility());
          shown?.scrollIntoView({ block: 'center' });
          const box = shown?.getBoundingClientRect();
          return box && [box.x + box.width / 2, box.y + box.height / 2];
        }, act.slice(5));
        if (!at) throw new Error(`${screen} has nothing that is called ${act.slice(5)}`);
        await page.mouse.click(...at);
      } else {
        await page.keyboard.press(act);
      }
      done += 1;
      await pause(400);
    }
  }
  const seen = await page.evaluate(() => [...globalThis.interactions.values()]);
  // What took less than a picture is not told.
  while (seen.length < done) seen.push({ duration: 16, what: 'less than a picture' });
  return seen.sort((one, other) => one.duration - other.duration);
};
