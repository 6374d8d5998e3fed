// Makes a checkout ready to run, and returns at once when it already is. Every npm script that a person types calls it
// first, with whatever Node.js the machine has: so this file and those beside it in bootstrap/ are plain JavaScript
// without dependencies, for Node.js 20.19 and newer.
//
//   node scripts/bootstrap.mjs [--build] [--browser]
//
//   always      npm packages, the pinned Node.js in node_modules/.bin/node, the generated Prisma client
//   --build     the production build of the portal, when its sources have changed
//   --browser   a Chromium for the browser tests

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserStep } from './bootstrap/browser.mjs';
import { buildStep } from './bootstrap/build.mjs';
import { StepFailed, stopChildren } from './bootstrap/child.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { packagesStep } from './bootstrap/packages.mjs';
import { prismaClientStep } from './bootstrap/prisma-client.mjs';
import { runtimeStep } from './bootstrap/runtime.mjs';

const FLAGS = new Set(['--build', '--browser']);
const root = fileURLToPath(new URL('..', import.meta.url));

// Standard output belongs to the command that follows.
const say = (text) => process.stderr.write(`bootstrap: ${text}\n`);

function checkMachine() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new StepFailed(`Node.js 20.19 or newer is needed, this is ${process.version}.`);
  }
  if (process.platform === 'win32') {
    throw new StepFailed('Windows is not supported directly. Use the Windows Subsystem for Linux.');
  }
}

async function pendingSteps(steps) {
  const pending = [];
  for (const step of steps) {
    // What comes after an unfinished step may depend on it, so its own check says nothing yet.
    if (pending.length > 0 || !(await step.isDone())) pending.push(step);
  }
  return pending;
}

async function main(args) {
  const unknown = args.find((arg) => !FLAGS.has(arg));
  if (unknown) throw new StepFailed(`Unknown option ${unknown}. Known: ${[...FLAGS].join(', ')}.`);
  checkMachine();

  const steps = [packagesStep(root), runtimeStep(root), prismaClientStep(root)];
  if (args.includes('--build')) steps.push(buildStep(root));
  if (args.includes('--browser')) steps.push(browserStep(root, say));

  if ((await pendingSteps(steps)).length === 0) return;
  await withLock(join(root, '.bootstrap.lock'), say, async () => {
    for (const step of steps) {
      if (await step.isDone()) continue;
      const startedAt = Date.now();
      say(`${step.title} …`);
      await step.work();
      say(`${step.title}: done in ${Math.round((Date.now() - startedAt) / 1000)} s`);
    }
  });
}

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
]) {
  process.once(signal, async () => {
    await stopChildren();
    process.exit(128 + number);
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  say(error.message);
  process.exitCode = 1;
}
