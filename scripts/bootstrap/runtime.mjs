import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, StepFailed } from './child.mjs';

/** The Node.js that the project pins: the npm package `node` puts it where npm scripts find it first. */
export const pinnedNode = (root) => join(root, 'node_modules', '.bin', 'node');

/** The pinned Node.js, where npm was told not to run install scripts or one of them failed. */
export function runtimeStep(root) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node;
  const isDone = () => {
    const { stdout } = spawnSync(pinnedNode(root), ['--version'], { encoding: 'utf8' });
    return stdout?.trim() === `v${wanted}`;
  };
  return {
    title: `installing Node.js ${wanted}`,
    isDone,
    async work() {
      const { output } = await run('npm', ['rebuild', 'node', '--ignore-scripts=false'], { cwd: root });
      if (isDone()) return;
      throw new StepFailed(
        `node_modules/.bin/node is not Node.js ${wanted}:\n${output}\n` +
          'The npm package "node" installs it by its install script. Allow install scripts, delete node_modules and run the command again.',
      );
    },
  };
}
