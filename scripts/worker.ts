import { existsSync } from 'node:fs';
import { configOrExit, migrateOrExit } from './install-parts.ts';

/** `npm run worker`: one worker process, configured by the environment or a file `.env`. */
if (existsSync('.env')) process.loadEnvFile('.env');
await migrateOrExit(configOrExit(process.env));
await import('../worker/main.ts');
