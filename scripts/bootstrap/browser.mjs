import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run, StepFailed } from './child.mjs';
import { pinnedNode } from './runtime.mjs';
import { cacheFile, readIfPresent, writeStamp } from './stamp.mjs';

const SYSTEM_BROWSERS = [
  // The same without windows: it needs less of the processors, which is what browser tests are short of.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const DOWNLOAD_TIMEOUT_MS = 300_000;
const START_TIMEOUT_MS = 60_000;

/** A Chromium that starts, its path noted for playwright.config.ts. `CHROMIUM_PATH` decides alone where it is set. */
export function browserStep(root, say) {
  const note = cacheFile(root, 'chromium');
  return {
    title: 'looking for a Chromium',
    isDone() {
      const known = readIfPresent(note)?.trim();
      const chosen = process.env.CHROMIUM_PATH;
      return known !== undefined && existsSync(known) && (!chosen || chosen === known);
    },
    async work() {
      writeStamp(note, await findChromium(root, say));
    },
  };
}

async function findChromium(root, say) {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (await starts(chosen)) return chosen;
    throw new StepFailed(`CHROMIUM_PATH names ${chosen}, which does not start.`);
  }
  const playwright = await playwrightsOwn(root);
  const present = await firstThatStarts([playwright, ...SYSTEM_BROWSERS]);
  if (present) return present;

  say("downloading Playwright's Chromium …");
  const browsers = join(root, 'node_modules', '.cache', 'playwright');
  const downloaded = await download(root, browsers);
  if (downloaded) return downloaded;

  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say("installing Debian's chromium with apt-get …");
    await installWithApt(['chromium-headless-shell', 'fonts-liberation']);
    const installed = await firstThatStarts(SYSTEM_BROWSERS);
    if (installed) return installed;
  }
  throw new StepFailed(
    'No Chromium was found, and none could be installed. Install Chromium or Google Chrome, or name one in CHROMIUM_PATH.',
  );
}

async function firstThatStarts(paths) {
  for (const path of paths) if (path && existsSync(path) && (await starts(path))) return path;
  return undefined;
}

// A downloaded browser may lack a library of the system; asking for the version shows it.
const starts = async (path) => (await run(path, ['--version'], { timeoutMs: START_TIMEOUT_MS })).code === 0;

async function playwrightsOwn(root, env = {}) {
  const question =
    "import('playwright-core').then(({ chromium }) => process.stdout.write(chromium.executablePath()))";
  const { code, output } = await run(pinnedNode(root), ['--eval', question], { cwd: root, env });
  return code === 0 ? output : undefined;
}

async function download(root, folder) {
  const env = { PLAYWRIGHT_BROWSERS_PATH: folder };
  const cli = join('node_modules', 'playwright-core', 'cli.js');
  const { code } = await run(pinnedNode(root), [cli, 'install', '--no-shell', 'chromium'], {
    cwd: root,
    env,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  return code === 0 ? firstThatStarts([await playwrightsOwn(root, env)]) : undefined;
}

/** Installs Debian packages, with fresh package lists when the present ones do not do. */
async function installWithApt(packages) {
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  if ((await install()).code === 0) return;
  await run('apt-get', ['update']);
  await install();
}
