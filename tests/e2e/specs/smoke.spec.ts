import { expect, test } from '../fixtures';

test('the page starts with a session and is accessible', async ({ page, picture, accessible }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('See what a man in the middle does to your mail login');
  await expect(page.getByRole('listitem', { name: 'Server to client, in the clear: * OK mail.example.test ready' })).toBeVisible();
  await accessible();
  await picture('start');
});

test('the policy that the build wrote is in force', async ({ page, wrong }) => {
  await page.goto('./');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
  await expect(policy).toHaveAttribute('content', /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/);
  // Text becoming code is what it must stop.
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    const refused = new Promise((resolve) => document.addEventListener('securitypolicyviolation', () => resolve(false)));
    document.head.append(script);
    return (window as { ran?: boolean }).ran ?? refused;
  });
  expect(ran).toBe(false);
  await expect.poll(() => wrong.splice(0)).toEqual([expect.stringContaining('Executing inline script violates')]);
});
