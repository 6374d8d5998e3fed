import { importPath } from '#app/(portal)/setup/cloud-tenants/paths.ts';
import { Provenance, type ProvenancePart } from '#components/provenance.tsx';
import type { PhaseName } from '#lib/domain/imports/model.ts';
import type { Origin } from '#lib/domain/imports/provenance.ts';
import { STALE_AFTER_MS } from '#lib/domain/notices/imports.ts';

/** What Microsoft is asked for each part. */
const SOURCE: Readonly<Partial<Record<PhaseName, string>>> = {
  skus: 'Microsoft Graph, GET /subscribedSkus',
  users: 'Microsoft Graph, GET /users, and /users/delta for what has changed',
  'azure-subscriptions': 'Azure Resource Manager, GET /subscriptions',
};

/** How old a figure is, which imports it comes from and how it is computed. Nothing where nothing was read yet. */
export function FigureProvenance({
  phase,
  origins,
  computed,
}: {
  readonly phase: PhaseName;
  readonly origins: readonly Origin[];
  /** As it follows "Computed as". */
  readonly computed: string;
}) {
  return (
    <Provenance
      parts={origins.flatMap(partOf)}
      computed={computed}
      source={SOURCE[phase] ?? phase}
      staleAfterMs={STALE_AFTER_MS}
    />
  );
}

function partOf({ tenantId, tenantName, read, missedBy }: Origin): ProvenancePart[] {
  if (!read) return [];
  return [
    {
      name: tenantName,
      freshAt: read.freshAt,
      method: read.method,
      href: importPath(tenantId, read.runId),
      ...(missedBy && { missedHref: importPath(tenantId, missedBy) }),
    },
  ];
}
