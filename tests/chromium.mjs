// Chromium as the project's scripts start it: as webdriver.json has it started for the tests of the page's own code.
// CHROMIUM names another browser than /usr/bin/chromium.
import { readFileSync } from 'node:fs';

const given = JSON.parse(readFileSync(new URL('../webdriver.json', import.meta.url), 'utf8'));
export const args = given['goog:chromeOptions'].args;
export const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
