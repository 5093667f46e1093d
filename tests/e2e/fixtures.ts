// What every test shares. Import `test` and `expect` from here, never from Playwright itself: a test then
// fails on an error in the console, on an uncaught one, and on a request to another host.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base, type Page } from '@playwright/test';

type Fixtures = {
  /**
   * What went wrong so far, which must be nothing when the test ends. It works by itself. A test that causes
   * an error on purpose takes it out: `expect(wrong.splice(0)).toEqual([...])`.
   */
  wrong: string[];
  /** Keeps a picture of the page in artifacts/screenshots/, named after the project. */
  picture: (name: string, page?: Page) => Promise<void>;
  /** Fails with a list of what axe finds wrong for people who use assistive technology. */
  accessible: (page?: Page) => Promise<void>;
  /** Fails with a list of what has less than the contrast of WCAG's level AAA. */
  contrast: () => Promise<void>;
};

type Found = { id: string; help: string; nodes: { target: unknown[] }[] }[];
const listed = (violations: Found) =>
  violations.map((rule) => ({
    rule: `${rule.id}: ${rule.help}`,
    where: rule.nodes.map((node) => node.target.join(' ')),
  }));

export const test = base.extend<Fixtures>({
  wrong: [
    async ({ context, baseURL }, use) => {
      const home = new URL(baseURL ?? '').origin;
      const wrong: string[] = [];
      const ours = (address: string) => {
        const url = new URL(address);
        // The page in one file is opened from where `cargo xtask single` put it.
        const alone = url.protocol === 'file:' && url.pathname === process.env.ONE_FILE;
        return alone || url.origin === home || ['data:', 'blob:', 'about:'].includes(url.protocol);
      };

      context.on('console', (message) => {
        // Not warnings: Chromium has one about the integrity of trunk's preload link on every start.
        if (message.type() === 'error') wrong.push(`console error: ${message.text()}`);
      });
      context.on('weberror', (error) => wrong.push(`uncaught: ${error.error().message}`));
      context.on('request', (request) => {
        if (!ours(request.url())) wrong.push(`request to another host: ${request.url()}`);
      });
      context.on('requestfailed', (request) => {
        wrong.push(`failed request: ${request.url()} (${request.failure()?.errorText})`);
      });
      context.on('response', (response) => {
        if (response.status() >= 400) wrong.push(`status ${response.status()}: ${response.url()}`);
      });
      // The page has no use for a socket, wherever to.
      context.on('page', (page) => page.on('websocket', (socket) => wrong.push(`socket: ${socket.url()}`)));
      // A request elsewhere is noted above; it must not get out as well.
      await context.route((url) => !ours(url.href), (route) => route.abort());

      await use(wrong);
      expect(wrong, 'nothing goes wrong unseen').toEqual([]);
    },
    { auto: true },
  ],

  picture: async ({ page }, use, info) => {
    await use(async (name, other = page) => {
      const path = `../../artifacts/screenshots/${info.project.name}-${name}.png`;
      await other.screenshot({ path, fullPage: true, animations: 'disabled' });
    });
  },

  accessible: async ({ page }, use) => {
    await use(async (other = page) => {
      const { violations } = await new AxeBuilder({ page: other }).analyze();
      expect(listed(violations), 'axe finds nothing').toEqual([]);
    });
  },

  contrast: async ({ page }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast-enhanced']).analyze();
      expect(listed(violations), 'nothing has less contrast than seven to one').toEqual([]);
    });
  },
});

export { expect };
