import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

/** The browser that `node scripts/bootstrap.mjs --browser` has found. */
function chromium(): string {
  try {
    return readFileSync(join(import.meta.dirname, 'node_modules/.cache/bootstrap/chromium'), 'utf8');
  } catch (cause) {
    throw new Error('No browser is known yet. Run: node scripts/bootstrap.mjs --browser', { cause });
  }
}

// `npm test` keeps what a failure leaves among the temporary files.
const output = process.env.E2E_OUTPUT ?? join(import.meta.dirname, 'test-results');

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/global-setup.ts',
  outputDir: join(output, 'results'),
  preserveOutput: 'failures-only',
  // A test mostly waits: for Microsoft's delays, the worker, the next look of a page.
  workers: 4,
  retries: 0,
  forbidOnly: true,
  // For a machine that has much else to do; what is awaited comes within a few seconds.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-US',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium(),
      // The browser talks to this machine only: nothing else may slow a test down or fail it.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
