import type { DirectoryId } from '#lib/core/ids.ts';

/** Graph in one tenant, as our application. Made by `createMicrosoftClients`; the calls are beside this file. */
export type GraphClient = { readonly directoryId: DirectoryId };
