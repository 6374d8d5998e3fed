import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where notes about finished steps are kept; `npm ci` empties it together with what they speak of. */
export const cacheFile = (root, name) => join(root, 'node_modules', '.cache', 'bootstrap', name);

/** The text of a file, or undefined when there is none. */
export function readIfPresent(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Writes a stamp, with the folders that lead to it. */
export function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/**
 * A SHA-256 over names and contents. A folder counts with everything in it but dot files; what does not exist counts
 * as absent.
 * @param {string} root
 * @param {string[]} paths relative to `root`
 * @param {(path: string) => boolean} [leaveOut] relative paths of files or folders that do not count
 */
export function fingerprint(root, paths, leaveOut = () => false) {
  const hash = createHash('sha256');
  const add = (path) => {
    let entries;
    try {
      entries = readdirSync(join(root, path), { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR')
        hash
          .update(`${path}\0`)
          .update(readFileSync(join(root, path)))
          .update('\0');
      return;
    }
    for (const name of entries.map((entry) => entry.name).sort()) {
      if (!name.startsWith('.') && !leaveOut(`${path}/${name}`)) add(`${path}/${name}`);
    }
  };
  for (const path of paths) if (!leaveOut(path)) add(path);
  return hash.digest('hex');
}
