import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from './child.mjs';
import { pinnedNode } from './runtime.mjs';
import { fingerprint, readIfPresent, writeStamp } from './stamp.mjs';

/** Everything that Next compiles; the layer check sees to it that these import nothing else of ours. */
const FOLDERS = ['app', 'components', 'lib', 'worker', 'public'];
const NOT_NEXTS = new Set(['biome.json', 'next-env.d.ts', 'playwright.config.ts', 'vitest.config.ts']);

const isNotBuilt = (path) => path === 'lib/db/generated' || /\.test\.tsx?$/.test(path);

function sources(root) {
  const settings = readdirSync(root).filter(
    (name) => /\.(js|mjs|ts|json)$/.test(name) && !NOT_NEXTS.has(name),
  );
  return [...FOLDERS, 'prisma/schema.prisma', ...settings.sort()];
}

/** The production build of the portal, in the folder that next.config.js names. */
export function buildStep(root) {
  const folder = join(root, process.env.NEXT_DIST_DIR || '.next');
  const stamp = join(folder, 'built-from');
  const current = () => fingerprint(root, sources(root), isNotBuilt);
  return {
    title: 'building the portal',
    isDone: () => existsSync(join(folder, 'BUILD_ID')) && readIfPresent(stamp)?.trim() === current(),
    async work() {
      rmSync(stamp, { force: true });
      // Taken before the build: a file that changes meanwhile means another build, not an old one that looks new.
      const built = current();
      await runOrFail(pinnedNode(root), [join('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
        cwd: root,
        env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
        advice: 'Correct what the message names, then run the command again.',
      });
      writeStamp(stamp, built);
    },
  };
}
