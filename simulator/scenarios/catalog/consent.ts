import { revokeGrants } from '../../control/entra.ts';
import { newGuid } from '../../state/hash.ts';
import { nowOf } from '../../state/world.ts';
import type { ScenarioGroup } from './scenario.ts';

const CONTOSO = 'c0000000-0000-4000-8000-00000000c001';
const FABRIKAM = 'f0000000-0000-4000-8000-00000000f001';

export const CONSENT: ScenarioGroup = {
  title: 'Consent and sign-in',
  next: 'To see it, choose “Add Cloud Account” in the portal, unless another way is named.',
  scenarios: [
    {
      name: 'lagging-consent',
      title: 'Slow propagation',
      explanation: 'After a consent Microsoft needs 90 seconds until the grant works, as it sometimes does.',
      next: 'Approve: the checklist waits and turns green by itself.',
      run: ({ settings }) => {
        settings.servicePrincipalLagMs = 45_000;
        settings.grantLagMs = 90_000;
        settings.principalLagMs = 60_000;
      },
    },
    {
      name: 'declined-consent',
      title: 'Consent is declined',
      explanation:
        'Whoever presses Accept on a consent page is treated as if they had pressed Cancel (AADSTS65004).',
      next: 'Press Accept: the portal says that the approval was declined, and offers to ask again.',
      run: ({ settings }) => {
        settings.declineConsent = true;
      },
    },
    {
      name: 'wrong-tenant',
      title: 'Approved in the wrong tenant',
      explanation: 'The answer to an administrator’s approval names Fabrikam, whichever tenant was asked.',
      next: 'Enter contoso.com and approve as Alex Admin: the portal names both tenants and stores nothing.',
      run: ({ settings }) => {
        settings.consentTenantId = FABRIKAM;
      },
    },
    {
      name: 'conditional-access',
      title: 'Conditional Access blocks sign-in',
      explanation: 'Whoever signs in to Contoso is stopped by a policy (AADSTS53003).',
      next: 'Sign in to the portal as Alex Admin, or approve for contoso.com: Microsoft’s page stops there. The portal’s help has a page for the number.',
      run: (world) => {
        world.signInPolicies.push({
          id: newGuid(),
          tenantId: CONTOSO,
          mail: undefined,
          code: 53003,
          message:
            'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
          answer: 'page',
        });
      },
    },
    {
      name: 'revoke-grants',
      title: 'An administrator takes the grants away',
      explanation:
        'All permissions of both applications are withdrawn in every tenant, and issued tokens stop working. Only another approval brings them back.',
      next: 'In the portal open a tenant’s Permissions tab and check again: every permission is missing.',
      run: (world) => {
        revokeGrants(world, { servicePrincipal: false, tokens: true });
      },
    },
    {
      name: 'expired-secret',
      title: 'The client secrets expire',
      explanation: 'The token endpoint refuses the portal itself (AADSTS7000222).',
      next: 'Start an import of a tenant: it fails, and the tenant says that the operator of the portal has to act.',
      run: (world) => {
        for (const registration of world.registrations.values())
          registration.secrets = registration.secrets.map(({ value }) => ({
            value,
            expiresAt: nowOf(world),
          }));
      },
    },
  ],
};
