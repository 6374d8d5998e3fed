import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runningGroups } from './child.mjs';

const POLL_MS = 200;
const BEAT_MS = 1_000;
/** A holder that has not touched its lock for so long is gone, whoever has its process id by now. */
const STALE_MS = 60_000;

/**
 * Does the work while no other process holds the lock. The lock of a process that has died is taken over.
 * It lies beside node_modules, not in it, because `npm ci` empties that folder.
 * @template T
 * @param {string} lock a folder that exists exactly while somebody holds the lock
 * @param {(text: string) => void} say told once when there is somebody to wait for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(lock, say, work) {
  const id = `${process.pid}-${randomUUID()}`;
  const leftOver = [];
  let told = false;
  while (!take(lock, id)) {
    const holder = readHolder(lock);
    if (holder && isGone(holder)) {
      const corpse = `${lock}.${holder.id}`;
      // Two waiters may both see the same dead holder. The second one's rename fails, since the first one's corpse, which
      // is not empty, stays until the first is done: so nobody can carry off a lock that is alive.
      if (rename(lock, corpse)) leftOver.push(corpse);
      continue;
    }
    if (holder && !told) {
      say(`waiting for process ${holder.pid}, which prepares this checkout …`);
      told = true;
    }
    await wait(POLL_MS);
  }
  const release = () => {
    const own = readHolder(lock)?.id === id ? [lock] : [];
    for (const folder of [...own, ...leftOver]) rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', release);
  const beat = setInterval(() => {
    if (readHolder(lock)?.id === id) writeHolder(lock, id);
  }, BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.removeListener('exit', release);
    release();
  }
}

/** A folder that already has its content is moved into place: there is no moment at which the lock has no holder. */
function take(lock, id) {
  const prepared = `${lock}.${id}`;
  mkdirSync(prepared);
  writeHolder(prepared, id);
  if (rename(prepared, lock)) return true;
  rmSync(prepared, { recursive: true, force: true });
  return false;
}

function rename(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

/** The programs that the holder runs are written down, since they go on for a while when it is killed. */
function writeHolder(folder, id) {
  const holder = { id, pid: process.pid, groups: runningGroups() };
  const file = join(folder, 'holder.json');
  writeFileSync(`${file}.next`, JSON.stringify(holder));
  renameSync(`${file}.next`, file);
}

function readHolder(lock) {
  try {
    const file = join(lock, 'holder.json');
    return { ...JSON.parse(readFileSync(file, 'utf8')), touchedAt: statSync(file).mtimeMs };
  } catch {
    return undefined; // Released just now.
  }
}

function isGone({ pid, groups, touchedAt }) {
  if (Date.now() - touchedAt > STALE_MS) return true;
  return ![pid, ...groups.map((group) => -group)].some(isAlive);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}
