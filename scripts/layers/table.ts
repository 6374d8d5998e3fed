/** A part of the repository with rules of its own about what it may import. */
export type Layer =
  | 'core'
  | 'config'
  | 'log'
  | 'access'
  | 'microsoft'
  | 'db'
  | 'jobs'
  | 'domain'
  | 'help'
  | 'auth'
  | 'web'
  | 'runtime'
  | 'components'
  | 'app'
  | 'worker'
  | 'simulator'
  | 'scripts'
  | 'instrumentation'
  | 'proxy'
  | 'tool configuration'
  | 'test support'
  | 'simulator test support'
  | 'tests'
  | 'simulator tests'
  | 'e2e';

/** The first pattern that matches a file's path names its layer. */
export const PLACES: readonly (readonly [RegExp, Layer])[] = [
  [/^simulator\/(.*\/)?(testing|test-[^/]+)\.ts$/, 'simulator test support'],
  [/^simulator\/.*\.test\.[a-z]+$/, 'simulator tests'],
  [/^simulator\//, 'simulator'],
  [/^e2e\//, 'e2e'],
  [/\.test\.[a-z]+$/, 'tests'],
  [/(^|\/)(testing|test-[^/]+)\.tsx?$/, 'test support'],
  [/^lib\/core\//, 'core'],
  [/^lib\/config\//, 'config'],
  [/^lib\/log\//, 'log'],
  [/^lib\/access\//, 'access'],
  [/^lib\/microsoft\//, 'microsoft'],
  [/^lib\/db\//, 'db'],
  [/^lib\/jobs\//, 'jobs'],
  [/^lib\/domain\//, 'domain'],
  [/^lib\/help\//, 'help'],
  [/^lib\/auth\//, 'auth'],
  [/^lib\/web\//, 'web'],
  [/^lib\/runtime\.ts$/, 'runtime'],
  [/^components\//, 'components'],
  [/^app\//, 'app'],
  [/^worker\//, 'worker'],
  [/^(scripts|bench|prisma)\//, 'scripts'],
  [/^instrumentation(-[a-z]+)?\.ts$/, 'instrumentation'],
  [/^proxy\.ts$/, 'proxy'],
  [/^[^/]+\.config\.(js|mjs|ts)$/, 'tool configuration'],
];

const LIBRARY = ['core', 'config', 'log', 'access', 'microsoft', 'db', 'jobs', 'domain'] as const;

/** What a layer may import of ours, besides itself. Packages and Node's own modules are another matter. */
export const MAY_IMPORT: Readonly<Record<Layer, readonly Layer[]>> = {
  core: [],
  config: ['core'],
  log: ['core'],
  access: ['core'],
  microsoft: ['core', 'config', 'log'],
  db: ['core', 'config', 'log'],
  jobs: ['core', 'log', 'db'],
  domain: ['core', 'log', 'access', 'db', 'jobs', 'microsoft'],
  // Long texts: nothing that runs in a browser may load them.
  help: ['core', 'microsoft'],
  auth: ['core', 'config', 'log', 'access', 'domain', 'runtime'],
  web: ['core', 'config', 'log', 'access', 'domain', 'runtime', 'auth'],
  runtime: LIBRARY,
  components: ['core'],
  app: ['components', 'core', 'domain', 'help', 'auth', 'web'],
  worker: ['domain', 'jobs', 'runtime', 'log', 'core'],
  simulator: [],
  scripts: [...LIBRARY, 'help', 'runtime', 'worker'],
  instrumentation: ['worker', 'runtime', 'web', 'config', 'log', 'core'],
  proxy: ['runtime', 'web', 'config', 'core'],
  'tool configuration': ['config', 'core'],
  'test support': [...LIBRARY, 'runtime', 'simulator test support'],
  'simulator test support': ['simulator'],
  tests: [
    ...LIBRARY,
    'help',
    'runtime',
    'auth',
    'web',
    'components',
    'app',
    'worker',
    'scripts',
    'test support',
    'simulator test support',
  ],
  'simulator tests': ['simulator', 'simulator test support'],
  // The portal and the simulator are reached by their addresses.
  e2e: [...LIBRARY, 'help', 'runtime', 'scripts', 'test support', 'simulator test support'],
};

/** Files of which a layer may import types only. */
export const MAY_IMPORT_TYPES: Partial<Record<Layer, RegExp>> = {
  components: /^lib\/domain\/[^/]+\/model\.ts$/,
  db: /^lib\/microsoft\/entra\//,
};

/** Packages that belong to the web framework: what the worker runs too must not need them. */
export const FRAMEWORK_PACKAGES: ReadonlySet<string> = new Set([
  'next',
  'next-auth',
  'react',
  'react-dom',
  'server-only',
]);
export const MAY_USE_FRAMEWORK: ReadonlySet<Layer> = new Set([
  'auth',
  'web',
  'components',
  'app',
  'proxy',
  'instrumentation',
  'tool configuration',
  'tests',
  'test support',
]);

/** What a production installation without development packages does not run; of the scripts, those for developers. */
export const MAY_USE_DEVELOPMENT_PACKAGES: ReadonlySet<Layer> = new Set([
  'scripts',
  'tool configuration',
  'test support',
  'simulator test support',
  'tests',
  'simulator tests',
  'e2e',
]);

/** `process.env` is read where settings become typed values, and where no settings of the portal are at stake. */
export const MAY_READ_ENVIRONMENT: ReadonlySet<Layer> = new Set([
  'config',
  'simulator',
  'simulator test support',
  'simulator tests',
  'scripts',
  'tool configuration',
  'test support',
  'tests',
  'e2e',
]);

/** Set by Next itself, and replaced by it while it builds. */
export const ENVIRONMENT_OF_THE_FRAMEWORK: ReadonlySet<string> = new Set(['NEXT_RUNTIME', 'NODE_ENV']);
