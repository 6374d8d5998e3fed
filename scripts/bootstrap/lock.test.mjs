import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

let folder;
let lock;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bootstrap-lock-'));
  lock = join(folder, 'lock');
});

afterEach(() => rmSync(folder, { recursive: true }));

function leaveLock(holder) {
  mkdirSync(lock);
  writeFileSync(join(lock, 'holder.json'), JSON.stringify({ id: 'earlier', groups: [], ...holder }));
}

const silent = () => {};
const deadPid = () => spawnSync(process.execPath, ['--eval', '']).pid;

const WORKER = `
  const { withLock } = await import(process.env.LOCK_MODULE);
  const { appendFileSync } = await import('node:fs');
  await withLock(process.env.LOCK, () => {}, async () => {
    appendFileSync(process.env.JOURNAL, 'in ' + process.pid + '\\n');
    await new Promise((resolve) => setImmediate(resolve));
    appendFileSync(process.env.JOURNAL, 'out ' + process.pid + '\\n');
  });
`;

/** Processes that all want the lock at once; returns who went in and out, in order. */
async function compete(count) {
  const journal = join(folder, 'journal');
  const env = {
    ...process.env,
    LOCK: lock,
    JOURNAL: journal,
    LOCK_MODULE: new URL('./lock.mjs', import.meta.url).href,
  };
  const ends = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', WORKER], { env });
    return new Promise((resolve) => child.on('close', resolve));
  });
  expect(await Promise.all(ends)).toEqual(Array(count).fill(0));
  return readFileSync(journal, 'utf8').trim().split('\n');
}

test('lets one process in at a time, and leaves nothing behind', async () => {
  const lines = await compete(4);
  expect(lines).toHaveLength(8);
  for (let i = 0; i < lines.length; i += 2) {
    expect(lines[i + 1]).toBe(lines[i].replace('in', 'out'));
  }
  expect(readdirSync(folder)).toEqual(['journal']);
});

test('takes the lock of a dead process over, once', async () => {
  leaveLock({ pid: deadPid() });
  const lines = await compete(3);
  expect(lines.filter((line) => line.startsWith('in'))).toHaveLength(3);
  for (let i = 0; i < lines.length; i += 2) {
    expect(lines[i + 1]).toBe(lines[i].replace('in', 'out'));
  }
});

test('waits for a program that a killed holder has left running', async () => {
  const orphan = spawn(process.execPath, ['--eval', 'process.stdin.resume()'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  leaveLock({ pid: deadPid(), groups: [orphan.pid] });
  const order = [];
  const waiting = withLock(
    lock,
    () => {
      order.push('told to wait');
      orphan.stdin.end();
    },
    async () => order.push('at work'),
  );
  orphan.once('exit', () => order.push('orphan ended'));
  await waiting;
  expect(order).toEqual(['told to wait', 'orphan ended', 'at work']);
});

test('hands on the result, and lets go when the work fails', async () => {
  expect(await withLock(lock, silent, async () => 42)).toBe(42);
  await expect(withLock(lock, silent, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});
