import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runOrFail } from './child.mjs';
import { pinnedNode } from './runtime.mjs';
import { cacheFile, fingerprint, readIfPresent, writeStamp } from './stamp.mjs';

const SCHEMA = 'prisma/schema.prisma';

/** The database client, generated again when the schema or a package has changed. */
export function prismaClientStep(root) {
  const stamp = cacheFile(root, 'prisma-client');
  const current = () => fingerprint(root, [SCHEMA, 'package-lock.json']);
  return {
    title: 'generating the Prisma client',
    isDone: () =>
      existsSync(join(root, 'lib/db/generated/client.ts')) && readIfPresent(stamp)?.trim() === current(),
    async work() {
      const made = current();
      await runOrFail(
        pinnedNode(root),
        [join('node_modules', 'prisma', 'build', 'index.js'), 'generate', '--schema', SCHEMA],
        {
          cwd: root,
          env: {
            // Prisma would download an engine that generating does not use; any executable that exists stops it.
            PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
            PRISMA_HIDE_UPDATE_MESSAGE: '1',
            CHECKPOINT_DISABLE: '1',
          },
          advice: `Correct ${SCHEMA} where the message points, then run the command again.`,
        },
      );
      writeStamp(stamp, made);
    },
  };
}
