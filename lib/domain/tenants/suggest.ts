import { deny } from '#lib/access/permissions.ts';
import { ok, type Result } from '#lib/core/result.ts';
import type { Ctx } from '#lib/domain/context.ts';
import { lookUp } from './look-up.ts';
import { type KnownTenant, plausibleReferences } from './plausible-references.ts';
import type { ResolveTenant } from './resolve.ts';

/** So many guesses are looked up at Microsoft, all at once. */
const GUESSES_MAX = 4;
const GUESS_MS = 2_000;
const KNOWN_MAX = 500;

/**
 * Tenants that exist at Microsoft and are spelled almost like one that does not, the most plausible first: domains, or
 * tenant IDs where no domain is known. What other organizations have connected is not looked at. A guess that could
 * not be looked up in time is left out. Problems: forbidden.
 */
export async function suggestTenants(ctx: Ctx, input: ResolveTenant): Promise<Result<readonly string[]>> {
  const denied = deny(ctx.actor, 'tenant.connect');
  if (denied) return denied;
  const { initialDomain } = ctx.microsoft.entra.settings.cloud;
  const guesses = plausibleReferences(input.tenant, await knownTenants(ctx), initialDomain);
  const found = await Promise.all(
    guesses.slice(0, GUESSES_MAX).map(async (reference) => {
      const looked = await lookUp(ctx, reference, GUESS_MS);
      return looked.ok ? [{ reference, directoryId: looked.value.directoryId }] : [];
    }),
  );
  // Two names of one directory are one suggestion.
  const firsts = new Map<string, string>();
  for (const { reference, directoryId } of found.flat()) {
    if (!firsts.has(directoryId)) firsts.set(directoryId, reference);
  }
  return ok([...firsts.values()]);
}

/** The tenant that the person signed in with, and those of the organization. */
async function knownTenants(ctx: Ctx): Promise<readonly KnownTenant[]> {
  const { actor, database } = ctx;
  const [person, tenants] = await Promise.all([
    actor.type === 'member'
      ? database.prisma.person.findUnique({
          where: { id: actor.personId },
          select: { directoryId: true, userName: true },
        })
      : null,
    database.prisma.tenant.findMany({
      where: { organizationId: actor.organizationId, removedAt: null },
      orderBy: { id: 'asc' },
      take: KNOWN_MAX,
      select: { directoryId: true, domain: true },
    }),
  ]);
  const own = person ? [{ directoryId: person.directoryId, domain: domainOf(person.userName) }] : [];
  return [
    ...own,
    ...tenants.map(({ directoryId, domain }) => ({ directoryId, domain: domain ?? undefined })),
  ];
}

const domainOf = (userName: string): string | undefined => userName.toLowerCase().split('@')[1] || undefined;
