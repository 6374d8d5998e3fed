import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { runOrFail } from './child.mjs';
import { readIfPresent } from './stamp.mjs';

/**
 * The npm packages of the lock file. npm writes node_modules/.package-lock.json as the last thing of an installation and
 * `npm ci` removes it as the first: so that file agrees with ours exactly when an installation was finished with it,
 * whoever ran it.
 */
export function packagesStep(root) {
  return {
    title: 'installing npm packages',
    isDone: () => packagesAreInstalled(root),
    async work() {
      const [command, ...args] = npm(root);
      const options = ['--loglevel=error', ...(wantsDevelopment() ? ['--include=dev'] : [])];
      await runOrFail(command, [...args, 'ci', ...options], {
        cwd: root,
        advice:
          'Check the connection to the npm registry (npm config get registry), then run the command again.',
      });
    },
  };
}

// A production machine that was installed without development packages stays so.
const wantsDevelopment = () => process.env.NODE_ENV !== 'production';

/** Whether node_modules holds what package.json and package-lock.json ask for. */
export function packagesAreInstalled(root) {
  const manifest = parse(join(root, 'package.json'));
  const wanted = parse(join(root, 'package-lock.json'))?.packages;
  const present = parse(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (!manifest || !wanted || !present) return false;
  return (
    sameEntries(manifest.dependencies, wanted['']?.dependencies) &&
    sameEntries(manifest.devDependencies, wanted['']?.devDependencies) &&
    Object.entries(wanted).every(([path, entry]) => {
      if (path === '') return true;
      const installed = present[path];
      // An optional package may be for another machine.
      if (!installed) return entry.optional || entry.devOptional || (entry.dev && !wantsDevelopment());
      return installed.version === entry.version && installed.integrity === entry.integrity;
    })
  );
}

function parse(file) {
  try {
    return JSON.parse(readIfPresent(file) ?? '');
  } catch {
    return undefined;
  }
}

function sameEntries(left = {}, right = {}) {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

/** How to start npm with a Node.js that `npm ci` does not remove while it runs. */
function npm(root) {
  const cli = process.env.npm_execpath;
  if (!cli || basename(cli) !== 'npm-cli.js') return ['npm'];
  const own = join(root, 'node_modules');
  const candidates = [
    process.env.npm_node_execpath,
    process.execPath,
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node')),
  ];
  const node = candidates.find((file) => file && !file.startsWith(own) && existsSync(file));
  return [node ?? process.execPath, cli];
}
