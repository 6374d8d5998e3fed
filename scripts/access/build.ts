import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a production build answers to, as Next itself lists it. */
export type Built = {
  readonly routes: readonly { readonly type: 'page' | 'handler'; readonly route: string }[];
  readonly actions: readonly { readonly id: string; readonly file: string; readonly name: string }[];
  /** Whatever else leads a request somewhere: nothing of it is known to the access check. */
  readonly others: readonly string[];
};

const Routes = z.record(z.string(), z.string());
const Actions = z.record(z.string(), z.object({ filename: z.string(), exportedName: z.string() }));
const ServerReferences = z.object({ node: Actions, edge: Actions });
const Rewrites = z.object({
  redirects: z.array(z.object({ source: z.string(), internal: z.boolean().optional() })),
  rewrites: z.object({
    beforeFiles: z.array(z.unknown()),
    afterFiles: z.array(z.unknown()),
    fallback: z.array(z.unknown()),
  }),
});

/** Pages that Next adds by itself, for errors. */
const OWN_ROUTES = new Set(['/_not-found', '/_global-error']);
const OWN_PAGES = new Set(['/404', '/500', '/_app', '/_document', '/_error']);

/** Reads the manifests of the build in `folder`. */
export function readBuild(folder: string): Built {
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const routes = Object.entries(Routes.parse(json('app-path-routes-manifest.json')));
  const { node, edge } = ServerReferences.parse(json('server/server-reference-manifest.json'));
  const { redirects, rewrites } = Rewrites.parse(json('routes-manifest.json'));
  const pages = Object.keys(Routes.parse(json('server/pages-manifest.json')));
  return {
    routes: routes
      .filter(([, route]) => !OWN_ROUTES.has(route))
      .map(([file, route]) => ({ type: file.endsWith('/page') ? 'page' : 'handler', route })),
    actions: Object.entries({ ...node, ...edge }).map(([id, { filename, exportedName }]) => ({
      id,
      file: filename,
      name: exportedName,
    })),
    others: [
      ...redirects.filter(({ internal }) => !internal).map(({ source }) => `the redirect of ${source}`),
      ...Object.values(rewrites)
        .flat()
        .map((rewrite) => `the rewrite ${JSON.stringify(rewrite)}`),
      ...pages.filter((page) => !OWN_PAGES.has(page)).map((page) => `${page} of the pages router`),
    ],
  };
}
