import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { Callout } from '#components/ui/callout.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import type { Diagnosis, DiagnosisCause } from '#lib/domain/tenants/diagnosis.ts';
import type { TenantKind } from '#lib/domain/tenants/model.ts';
import type { TenantDetails } from '#lib/domain/tenants/queries.ts';
import { checkAgainAction, reconnectTenantAction } from '../actions.ts';
import { enrollmentsPath } from '../paths.ts';
import { ActionForm } from './action-form.tsx';
import { DiagnosisPanel } from './diagnosis-panel.tsx';

/** Nobody has to approve anything against these, so nobody is led there. */
const NO_APPROVAL_HELPS: ReadonlySet<DiagnosisCause> = new Set<DiagnosisCause>([
  'not-checked',
  'our-credential',
  'policy',
  'refused-by-graph',
  'unreachable',
]);

/** Why a tenant is not, or not fully, connected, with the ways to mend it; nothing where all is well. */
export function TenantProblem({
  tenant: { tenantId, kind, status, problem, diagnosis },
  mayChange,
}: {
  readonly tenant: Pick<TenantDetails, 'tenantId' | 'status'> & {
    readonly kind: TenantKind;
    readonly problem: Problem | undefined;
    readonly diagnosis: Diagnosis | undefined;
  };
  readonly mayChange: boolean;
}) {
  if (!problem) return null;
  if (status === 'ea_api_migration_required')
    return <MigrationNeeded tenantId={tenantId} problem={problem} />;
  const fields = { tenantId };
  const actions = mayChange ? (
    <>
      {diagnosis && NO_APPROVAL_HELPS.has(diagnosis.cause) ? null : (
        <ActionForm
          action={reconnectTenantAction}
          fields={fields}
          label={kind === 'azure' ? 'Sign in again' : 'Approve again'}
        />
      )}
      <ActionForm action={checkAgainAction} fields={fields} label="Check now" />
    </>
  ) : null;
  const tone = status === 'cannot_connect' ? 'danger' : 'warning';
  return diagnosis ? (
    <DiagnosisPanel diagnosis={diagnosis} tone={tone} actions={actions} />
  ) : (
    <ProblemPanel problem={problem} tone={tone} actions={actions} />
  );
}

/** In short: the Enrollments tab says the rest, and is where it is mended. */
function MigrationNeeded({ tenantId, problem }: { readonly tenantId: TenantId; readonly problem: Problem }) {
  return (
    <Callout
      tone="warning"
      role="alert"
      title={describeProblem(problem).title}
      actions={<ButtonLink href={enrollmentsPath(tenantId)}>Open Enrollments</ButtonLink>}
    >
      <p>The portal reads no costs of it. Subscriptions and resources are read as before.</p>
    </Callout>
  );
}
