import type { GraphOrganization } from '#lib/microsoft/graph/organization.ts';
import { storable } from '../../storable.ts';

/** The domain by which people know the directory: its default one, else the one it was born with. */
export const mapDomain = ({ verifiedDomains }: GraphOrganization): string | null =>
  storable(
    (verifiedDomains.find(({ isDefault }) => isDefault) ?? verifiedDomains.find(({ isInitial }) => isInitial))
      ?.name ?? null,
  );
