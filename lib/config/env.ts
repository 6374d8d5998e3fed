import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  CLOUD_NAMES,
  type Credential,
  createCloud,
  type MicrosoftSettings,
  type Registration,
} from './clouds.ts';

/** The settings of a process, parsed once. Nothing else reads the environment. */
export type Config = {
  readonly port: number;
  readonly appUrl: string;
  /** `inside`: the portal's process also works on jobs. */
  readonly worker: 'inside' | 'separate';
  /** Undefined: the embedded database of `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly authSecret: string;
  readonly encryptionKeys: readonly [EncryptionKeyConfig, ...EncryptionKeyConfig[]];
  readonly microsoft: MicrosoftSettings;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
};

type EncryptionKeyConfig = { readonly id: string; readonly key: Buffer };

/** The environment is not usable; the message has a line for each variable at fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const KEY_BYTES = 32;

const Port = z.coerce
  .number({ error: 'must be a port number' })
  .int('must be a port number')
  .min(1, 'must be between 1 and 65535')
  .max(65535, 'must be between 1 and 65535');

/** An origin that requests may go to: https, or http on this machine, which is how an emulator is used. */
const Origin = z.string().transform((text, context) => {
  const url = URL.parse(text);
  const isLoopback = url?.protocol === 'http:' && url.hostname === 'localhost';
  if (!url || (url.protocol !== 'https:' && !isLoopback)) {
    context.addIssue('must be an https origin, or http://localhost with a port');
    return z.NEVER;
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    context.addIssue('must be an origin only, without a path, such as https://portal.example.com');
    return z.NEVER;
  }
  return url.origin;
});

const DatabaseUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\//,
    'must be a PostgreSQL connection string, such as postgresql://user:password@host:5432/name',
  );

const EncryptionKeys = z.string().transform((text, context) => {
  const keys = text.split(',').map((entry) => {
    const [id = '', base64 = ''] = entry.trim().split(/:(.*)/s);
    return { id, key: Buffer.from(base64, 'base64') };
  });
  const [first, ...others] = keys;
  const isUsable = keys.every(({ id, key }) => /^[\w-]{1,64}$/.test(id) && key.length === KEY_BYTES);
  if (!first || !isUsable || new Set(keys.map(({ id }) => id)).size !== keys.length) {
    context.addIssue('must be id:base64 pairs of 256-bit keys with distinct ids, separated by commas');
    return z.NEVER;
  }
  return [first, ...others] as const;
});

/** In the order of `.env.example`. */
const Environment = z.object({
  PORT: Port.default(3000),
  APP_URL: Origin.optional(),
  WORKER: z.enum(['inside', 'separate'], { error: 'must be inside or separate' }).default('inside'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be debug, info, warn, error or silent',
    })
    .default('info'),
  DATABASE_URL: DatabaseUrl.optional(),
  DATA_DIR: z.string().default('.data'),
  AUTH_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  ENCRYPTION_KEYS: EncryptionKeys.optional(),
  MICROSOFT_CLOUD: z
    .enum(CLOUD_NAMES, { error: `must be one of ${CLOUD_NAMES.join(', ')}` })
    .default('global'),
  MICROSOFT_CLIENT_ID: z.guid('must be the application (client) ID, a GUID'),
  MICROSOFT_CLIENT_SECRET: z.string().optional(),
  MICROSOFT_CLIENT_CERTIFICATE_PATH: z.string().optional(),
  MICROSOFT_GRAPH_CLIENT_ID: z.guid('must be the application (client) ID, a GUID').optional(),
  MICROSOFT_GRAPH_CLIENT_SECRET: z.string().optional(),
  MICROSOFT_GRAPH_CLIENT_CERTIFICATE_PATH: z.string().optional(),
  MICROSOFT_AUTHORITY_URL: Origin.optional(),
  MICROSOFT_GRAPH_URL: Origin.optional(),
  MICROSOFT_ARM_URL: Origin.optional(),
  PARTNER_CENTER_URL: Origin.optional(),
  EA_REPORTING_URL: Origin.optional(),
});
type Environment = z.infer<typeof Environment>;

/** The names of all variables, for the test that compares them with `.env.example`. */
export const ENVIRONMENT_KEYS: readonly string[] = Object.keys(Environment.shape);

/**
 * Reads and checks the environment; empty counts as unset. Generates the two secrets under the data folder when
 * the embedded database is used. Throws ConfigError with every variable that is wrong.
 */
export function readConfig(source: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      problemText(
        parsed.error.issues.map((issue) => [
          issue.path.join('.'),
          given[String(issue.path[0])] ? issue.message : 'is missing',
        ]),
      ),
    );
  }
  return build(parsed.data);
}

function build(env: Environment): Config {
  const wrong: [string, string][] = [];
  const dataDir = resolve(env.DATA_DIR);
  const isEmbedded = env.DATABASE_URL === undefined;
  if (!isEmbedded && !env.AUTH_SECRET) wrong.push(['AUTH_SECRET', 'is required with DATABASE_URL']);
  if (!isEmbedded && !env.ENCRYPTION_KEYS) wrong.push(['ENCRYPTION_KEYS', 'is required with DATABASE_URL']);
  const azure = registration(
    'MICROSOFT_CLIENT',
    env.MICROSOFT_CLIENT_ID,
    env.MICROSOFT_CLIENT_SECRET,
    env.MICROSOFT_CLIENT_CERTIFICATE_PATH,
    wrong,
  );
  const graph = env.MICROSOFT_GRAPH_CLIENT_ID
    ? registration(
        'MICROSOFT_GRAPH_CLIENT',
        env.MICROSOFT_GRAPH_CLIENT_ID,
        env.MICROSOFT_GRAPH_CLIENT_SECRET,
        env.MICROSOFT_GRAPH_CLIENT_CERTIFICATE_PATH,
        wrong,
      )
    : azure;
  if (wrong.length > 0 || !azure || !graph) throw new ConfigError(problemText(wrong));
  return {
    port: env.PORT,
    appUrl: env.APP_URL ?? `http://localhost:${env.PORT}`,
    worker: env.WORKER,
    databaseUrl: env.DATABASE_URL,
    dataDir,
    authSecret:
      env.AUTH_SECRET ??
      generated(dataDir, 'auth-secret', () => randomBytes(KEY_BYTES).toString('base64url')),
    encryptionKeys: env.ENCRYPTION_KEYS ?? generatedKeys(dataDir),
    microsoft: {
      cloud: createCloud(env.MICROSOFT_CLOUD, {
        ...(env.MICROSOFT_AUTHORITY_URL && { authorityUrl: env.MICROSOFT_AUTHORITY_URL }),
        ...(env.MICROSOFT_GRAPH_URL && { graphUrl: env.MICROSOFT_GRAPH_URL }),
        ...(env.MICROSOFT_ARM_URL && { armUrl: env.MICROSOFT_ARM_URL }),
        ...(env.PARTNER_CENTER_URL && { partnerCenterUrl: env.PARTNER_CENTER_URL }),
        ...(env.EA_REPORTING_URL && { eaReportingUrl: env.EA_REPORTING_URL }),
      }),
      registrations: { azure, graph },
    },
    logLevel: env.LOG_LEVEL,
  };
}

/** Every secret among the settings, as it may turn up in a text. */
export function configuredSecrets({ authSecret, encryptionKeys, databaseUrl, microsoft }: Config): string[] {
  const password = URL.parse(databaseUrl ?? '')?.password ?? '';
  const credentials = Object.values(microsoft.registrations).map(({ credential }) =>
    credential.type === 'secret' ? credential.secret : credential.pem,
  );
  const keys = encryptionKeys.flatMap(({ key }) => [key.toString('base64'), key.toString('hex')]);
  return [authSecret, ...keys, password, decoded(password), ...credentials];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function registration(
  prefix: string,
  clientId: string,
  secret: string | undefined,
  certificatePath: string | undefined,
  wrong: [string, string][],
): Registration | undefined {
  const credential = readCredential(prefix, secret, certificatePath, wrong);
  return credential && { clientId: clientId.toLowerCase(), credential };
}

function readCredential(
  prefix: string,
  secret: string | undefined,
  certificatePath: string | undefined,
  wrong: [string, string][],
): Credential | undefined {
  if (!certificatePath) {
    if (secret) return { type: 'secret', secret };
    wrong.push([`${prefix}_SECRET`, `is missing (or give ${prefix}_CERTIFICATE_PATH)`]);
    return undefined;
  }
  try {
    return { type: 'certificate', pem: readFileSync(certificatePath, 'utf8') };
  } catch {
    wrong.push([`${prefix}_CERTIFICATE_PATH`, `names a file that cannot be read: ${certificatePath}`]);
    return undefined;
  }
}

function generatedKeys(dataDir: string): Config['encryptionKeys'] {
  const base64 = generated(dataDir, 'encryption-key', () => randomBytes(KEY_BYTES).toString('base64'));
  return [{ id: 'local', key: Buffer.from(base64, 'base64') }];
}

/**
 * Several processes may start at once: whoever's file is there first decides. A file is complete when it appears, and
 * one that is not, after a full disk for instance, is refused: an empty secret would be everybody's.
 */
function generated(dataDir: string, name: string, create: () => string): string {
  const file = join(dataDir, name);
  if (!existsSync(file)) writeOnce(dataDir, file, create());
  const secret = readFileSync(file, 'utf8').trim();
  if (secret.length < KEY_BYTES) {
    throw new ConfigError(
      problemText([
        [
          'DATA_DIR',
          `has a file ${name} that is empty or cut off: restore it, or delete it to get a new one`,
        ],
      ]),
    );
  }
  return secret;
}

function writeOnce(dataDir: string, file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`;
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

const problemText = (wrong: readonly (readonly [string, string])[]): string =>
  [
    'The environment is not usable (see .env.example):',
    ...wrong.map(([name, why]) => `  ${name} ${why}`),
  ].join('\n');
