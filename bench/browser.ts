import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { ROOT } from './processes.ts';
import type { Scope } from './scope.ts';

/** A Chromium of this machine, or one that is installed for it. It talks to nobody but the pages it opens. */
export async function startBrowser(scope: Scope): Promise<Browser> {
  const bootstrap = spawnSync(process.execPath, [join(ROOT, 'scripts/bootstrap.mjs'), '--browser'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (bootstrap.status !== 0) throw new Error('There is no browser to measure with.');
  const browser = await chromium.launch({
    executablePath: readFileSync(join(ROOT, 'node_modules/.cache/bootstrap/chromium'), 'utf8').trim(),
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  scope.defer(() => browser.close());
  return browser;
}
