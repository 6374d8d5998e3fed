import { z } from 'zod';

const Entry = z.looseObject({
  version: z.string().optional(),
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});

export const LockFile = z.looseObject({ packages: z.record(z.string(), Entry) });
export type LockFile = z.infer<typeof LockFile>;

export type MissingPackage = {
  /** The entry that the lock file lacks, such as `node_modules/@next/swc-darwin-arm64`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly dev: boolean;
};

/**
 * The optional packages that some package asks for and the lock file does not list. npm leaves one out without a word
 * when it cannot see it while it writes the file: then `npm ci` refuses the file on every machine, and the machines
 * that need the package lack it.
 * @see https://github.com/npm/cli/issues/4828
 */
export function missingOptionalPackages(lock: LockFile): MissingPackage[] {
  return Object.entries(lock.packages).flatMap(([path, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isListed(lock, path, name))
      .map(([name, version]) => ({
        path: `node_modules/${name}`,
        name,
        version,
        dev: entry.dev === true,
      })),
  );
}

/** A package is found in the node_modules of the one that asks, or of any folder above it. */
function isListed(lock: LockFile, path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (lock.packages[`${folder && `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

const OPERATING_SYSTEMS = new Set(['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'win32']);
const PROCESSORS = new Set(['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']);

/**
 * The entries of the missing packages, with their exact versions and the platform that their names tell. They carry no
 * checksum: that is known only where npm can see them.
 */
export function entriesOfMissingPackages(lock: LockFile): Record<string, unknown> {
  const entries = missingOptionalPackages(lock).map(({ path, name, version, dev }) => {
    if (!/^\d+\.\d+\.\d+/.test(version))
      throw new Error(`${name} is asked for as ${version}, not as one exact version.`);
    const words = name.split(/[/-]/);
    const cpu = words.filter((word) => PROCESSORS.has(word));
    const os = words.filter((word) => OPERATING_SYSTEMS.has(word));
    const entry = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(dev && { dev }),
      ...(words.includes('musl') && { libc: ['musl'] }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
    return [path, entry] as const;
  });
  return Object.fromEntries(entries);
}
