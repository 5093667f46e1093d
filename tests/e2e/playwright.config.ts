import { defineConfig } from '@playwright/test';
import { args, executablePath } from '../chromium.mjs';

// `cargo xtask test` serves the built page and says where; by hand, serve it with `cargo xtask serve`.
const baseURL = process.env.BASE_URL ?? 'http://127.0.0.1:8080/';

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const schemes = ['light', 'dark'] as const;

export default defineConfig({
  testDir: 'specs',
  outputDir: '../../artifacts/e2e',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  // A busy machine is no failure.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  use: {
    baseURL,
    trace: 'retain-on-failure',
    launchOptions: { executablePath, args },
  },
  // Each test runs light at the size of a desk and dark at that of a hand; ALL_LOOKS=1 adds the other two.
  projects: schemes.flatMap((colorScheme) =>
    Object.entries(sizes)
      .filter(([size]) => process.env.ALL_LOOKS || (colorScheme === 'light') === (size === 'desktop'))
      .map(([size, viewport]) => ({
        name: `${colorScheme}-${size}`,
        use: { colorScheme, viewport },
      })),
  ),
});
