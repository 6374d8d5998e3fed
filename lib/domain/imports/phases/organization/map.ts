import { storable } from '#lib/core/storable.ts';
import type { GraphOrganization } from '#lib/microsoft/graph/organization.ts';

/** The domain by which people know the directory: its default one, else the one it was born with. */
export const mapDomain = ({ verifiedDomains }: GraphOrganization): string | null =>
  storable(
    (verifiedDomains.find(({ isDefault }) => isDefault) ?? verifiedDomains.find(({ isInitial }) => isInitial))
      ?.name ?? null,
  );
