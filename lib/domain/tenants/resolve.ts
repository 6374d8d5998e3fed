import { z } from 'zod';
import { deny } from '#lib/access/permissions.ts';
import { type DirectoryId, Guid } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { storable } from '#lib/core/storable.ts';
import type { TenantStatus } from '#lib/db/generated/client.ts';
import type { Ctx } from '#lib/domain/context.ts';
import type { DiscoveredTenant } from '#lib/microsoft/entra/discover-tenant.ts';
import { limitMember } from '../limits/limit.ts';
import { restorable } from './connected.ts';
import { lookUp } from './look-up.ts';
import { TENANT_KINDS, type TenantKind } from './model.ts';
import { refuseOtherCloud } from './other-cloud.ts';

const INPUT_CHARACTERS_MAX = 300;

/**
 * What a person types or pastes to name a tenant: a domain, a tenant ID, also a mail address or the address of a
 * page at the domain. Becomes the domain or the ID alone, in lower case.
 */
export const TenantReference = z
  .string({ error: 'Enter a tenant ID or a domain.' })
  .transform((text) => domainOrId(text))
  .pipe(
    z
      .string()
      .min(1, 'Enter a tenant ID or a domain, such as contoso.com.')
      .max(
        INPUT_CHARACTERS_MAX,
        'This is too long for a domain. Enter one such as contoso.com, or a tenant ID.',
      ),
  );

function domainOrId(text: string): string {
  const withoutScheme = storable(text)
    .trim()
    .replace(/^https?:\/\//i, '');
  const [host = ''] = withoutScheme.split(/[/?#]/);
  return host
    .slice(host.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase();
}

export const ResolveTenant = z.object({ tenant: TenantReference });
export type ResolveTenant = z.infer<typeof ResolveTenant>;

/** A connection that the organization has of the directory. */
export type ConnectedTenant = {
  readonly tenantId: string;
  readonly name: string;
  readonly kind: TenantKind;
  readonly status: TenantStatus;
};

/** A connection that the organization has removed and can restore until then. */
export type RemovedTenant = {
  readonly tenantId: string;
  readonly name: string;
  readonly kind: TenantKind;
  /** An instant, ISO 8601. */
  readonly eraseAt: string;
};

/** What is known about a tenant before anybody has signed in to it. */
export type ResolvedTenant = {
  readonly directoryId: DirectoryId;
  /** A domain of the tenant: the one that was typed, else the one that the organization's connection has. */
  readonly domain?: string;
  /**
   * What the organization calls it, where it has connected it. Microsoft tells nobody the name of a tenant before
   * they have signed in to it, or hold a permission that this portal does not ask for.
   */
  readonly name?: string;
  /** Such as "Europe"; absent when Microsoft does not say. */
  readonly region?: string;
  /** Such as "Microsoft global cloud"; absent when Microsoft does not say or says something we do not know. */
  readonly cloud?: string;
  /** The person has signed in to the portal with an account of it. */
  readonly isHome: boolean;
  /** Why it cannot be connected, by kind; absent where nothing speaks against it. */
  readonly refused: Readonly<Partial<Record<TenantKind, Problem>>>;
  /** The organization's own connections of this directory. */
  readonly connected: readonly ConnectedTenant[];
  /** Those that it has removed and can still restore. */
  readonly removed: readonly RemovedTenant[];
};

const REGION: ReadonlyMap<string, string> = new Map([
  ['NA', 'North America'],
  ['SA', 'South America'],
  ['EU', 'Europe'],
  ['AF', 'Africa'],
  ['AS', 'Asia'],
  ['OC', 'Oceania'],
  ['AU', 'Australia'],
  ['JP', 'Japan'],
  ['IN', 'India'],
  ['GB', 'United Kingdom'],
  ['WW', 'Worldwide'],
  ['USG', 'US Government'],
  ['USGOV', 'US Government'],
  ['DODCON', 'US Department of Defense'],
]);

/** Longer than Microsoft usually takes, shorter than people wait. */
const LOOK_UP_MS = 6_000;

/**
 * The directory behind a domain or tenant ID, with the organization's own connections of it. Says nothing about what
 * other organizations have connected.
 * Problems: forbidden, rate-limited, tenant-unknown, throttled, upstream-unavailable, upstream-shape.
 */
export async function resolveTenant(
  ctx: Ctx,
  input: ResolveTenant,
  patienceMs = LOOK_UP_MS,
): Promise<Result<ResolvedTenant>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const limited = await limitMember(ctx, 'tenant.resolve');
  if (limited) return limited;
  const discovered = await lookUp(ctx, input.tenant, patienceMs);
  if (!discovered.ok) return discovered;
  const { directoryId } = discovered.value;
  const [connected, removed, isHome] = await Promise.all([
    ctx.database.prisma.tenant.findMany({
      where: { organizationId: ctx.actor.organizationId, directoryId, removedAt: null },
      orderBy: { kind: 'asc' },
      // One of each kind at most, by a unique index.
      take: TENANT_KINDS.length,
      select: { id: true, name: true, kind: true, domain: true, status: true },
    }),
    removedOf(ctx, directoryId),
    isHomeOf(ctx, directoryId),
  ]);
  const domain = typedDomain(input.tenant) ?? connected.find((tenant) => tenant.domain)?.domain;
  const [known] = connected;
  return ok({
    directoryId,
    ...(domain && { domain }),
    ...(known && { name: known.name }),
    ...wordsFor(discovered.value),
    isHome,
    refused: refusals(ctx, discovered.value),
    connected: connected.map(({ id, name, kind, status }) => ({ tenantId: id, name, kind, status })),
    removed,
  });
}

async function removedOf(ctx: Ctx, directoryId: DirectoryId): Promise<RemovedTenant[]> {
  const rows = await ctx.database.prisma.tenant.findMany({
    where: { organizationId: ctx.actor.organizationId, directoryId, ...restorable(ctx.clock()) },
    orderBy: { removedAt: 'desc' },
    take: TENANT_KINDS.length,
    select: { id: true, name: true, kind: true, eraseAt: true },
  });
  return rows.flatMap(({ id, name, kind, eraseAt }) =>
    eraseAt ? [{ tenantId: id, name, kind, eraseAt: eraseAt.toISOString() }] : [],
  );
}

async function isHomeOf({ actor, database }: Ctx, directoryId: DirectoryId): Promise<boolean> {
  if (actor.type !== 'member') return false;
  return (await database.prisma.person.count({ where: { id: actor.personId, directoryId } })) > 0;
}

function refusals(ctx: Ctx, tenant: DiscoveredTenant): ResolvedTenant['refused'] {
  const refused = TENANT_KINDS.flatMap((kind) => {
    const failure = refuseOtherCloud(ctx, tenant, kind);
    return failure ? [[kind, failure.problem] as const] : [];
  });
  return Object.fromEntries(refused);
}

/** The reference where it is a domain and not a tenant ID. */
export const typedDomain = (reference: string): string | undefined =>
  Guid.safeParse(reference).success ? undefined : reference;

/** The cloud as one name; where its parts are not told apart, the name that they share. */
function cloudWords(clouds: DiscoveredTenant['clouds'], subScope = ''): string | undefined {
  const [first, ...others] = clouds;
  if (others.length > 0) return first?.label.replace(/ \(.*/, '');
  // Tenants of the US Government that Microsoft serves from the global cloud.
  return first && (subScope.toUpperCase() === 'GCC' ? `${first.label} (GCC)` : first.label);
}

/** Region and cloud in words; a region that we do not know is shown as Microsoft spells it. */
export function wordsFor({
  regionScope,
  regionSubScope,
  clouds,
}: DiscoveredTenant): Pick<ResolvedTenant, 'region' | 'cloud'> {
  return {
    region: regionScope && (REGION.get(regionScope.toUpperCase()) ?? regionScope),
    cloud: cloudWords(clouds, regionSubScope),
  };
}
