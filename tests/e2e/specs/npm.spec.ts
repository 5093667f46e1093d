// The JavaScript package in a browser: what `cargo xtask npm` made, loaded as a module.
import { readFileSync } from 'node:fs';
import { expect, test } from '../fixtures';

const folder = process.env.PACKAGE ?? '';

test('the package judges a log in a browser', async ({ page }) => {
  test.skip(!folder, 'PACKAGE names no folder');
  await page.route('**/package/**', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/package/')[1];
    const contentType = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
    await route.fulfill({ body: readFileSync(`${folder}/${name}`), contentType });
  });
  await page.goto('./');
  const found = await page.evaluate(async () => {
    const address = new URL('package/web/starttls_lab.js', location.href).href;
    const lab = await import(address);
    await lab.default();
    const report = lab.check(new TextEncoder().encode('S: * OK ready\nC: a1 LOGIN joe swordfish\nS: a1 OK in\n'), { file: 'a' });
    const run = lab.simulate({ protocol: 'imap', attacks: ['strip-capability'] });
    return { report, harms: run.harms.map((harm: { harm: string }) => harm.harm) };
  });
  expect(found.report.inputs[0].sessions[0].protocol).toBe('imap');
  expect(JSON.stringify(found.report)).not.toContain('swordfish');
  expect(found.harms).toContain('credential');
});
