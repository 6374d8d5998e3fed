import { existsSync } from 'node:fs';
import { runInstallation } from './install-parts.ts';

/** `npm start`: the portal for production, configured by the environment or a file `.env`. */
if (existsSync('.env')) process.loadEnvFile('.env');
await runInstallation(process.env, []);
