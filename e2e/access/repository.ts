import { join, resolve } from 'node:path';
import { readBuild } from '../../scripts/access/build.ts';
import { discover } from '../../scripts/access/discover.ts';
import type { ActionEntry } from '../../scripts/access/model.ts';
import { TABLE } from '../../scripts/access/table.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What the files of the portal answer to, and what its tested build does. */
export const found = discover(ROOT);
export const built = readBuild(join(ROOT, process.env.NEXT_DIST_DIR || '.next'));

export const PAGES = TABLE.filter((entry) => entry.type === 'page');
export const HANDLERS = TABLE.filter((entry) => entry.type === 'handler');
export const ACTIONS = TABLE.filter((entry) => entry.type === 'action');

/** The action of this name. */
export function actionNamed(name: string): ActionEntry {
  const action = ACTIONS.find((entry) => entry.name === name);
  if (!action) throw new Error(`The table has no action ${name}.`);
  return action;
}

/** What the build calls an action by. */
export function idOf({ file, name }: ActionEntry): string {
  const action = built.actions.find((one) => one.name === name && one.file === file);
  if (!action) throw new Error(`The build has no action ${name} of ${file}.`);
  return action.id;
}
