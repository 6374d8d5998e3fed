import { ProblemPanel } from '#components/problem-panel.tsx';
import { ButtonLink } from '#components/ui/button.tsx';
import { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import type { FlowView } from '#lib/domain/consent/queries.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import { TenantProblem } from '../../../_components/tenant-problem.tsx';
import { restartFlowAction } from '../../../actions.ts';
import { addPath, LIST_PATH, tenantPath } from '../../../paths.ts';
import { StillAtMicrosoft } from './still-at-microsoft.tsx';

/** What stands in the way, with the one click that goes on; nothing where all is well. */
export function FlowOutcome({ flow }: { readonly flow: FlowView }) {
  const { flowId, state, tenant, mayConnect } = flow;
  const problem = readableProblem(flow);
  const restart = mayConnect ? (
    <ActionForm
      action={restartFlowAction}
      fields={{ flowId }}
      label={problem && wantsOtherAccount(problem) ? 'Pick another account' : 'Try again'}
      variant="primary"
    />
  ) : null;
  if (problem) {
    return (
      <ProblemPanel
        problem={problem}
        actions={
          <>
            {problem.code === 'already-connected' || problem.code === 'tenant-removed' ? null : restart}
            <OtherWay flow={flow} problem={problem} />
          </>
        }
      />
    );
  }
  if (tenant) {
    const { tenantId, status } = tenant;
    return (
      <TenantProblem
        tenant={{ tenantId, kind: flow.kind, status, problem: tenant.problem, diagnosis: tenant.diagnosis }}
        mayChange={mayConnect}
      />
    );
  }
  return state === 'redirected' && mayConnect ? <StillAtMicrosoft flow={flow} /> : null;
}

/** A person knows the tenant that was meant by its domain, not by its ID alone. */
function readableProblem({ problem, domain }: FlowView): Problem | undefined {
  if (problem?.code !== 'wrong-tenant' || !domain) return problem;
  return { ...problem, expected: `${domain} (${problem.expected})` };
}

/** Problems that the same account would run into again. */
const wantsOtherAccount = ({ code }: Problem): boolean =>
  code === 'wrong-tenant' ||
  code === 'wrong-account' ||
  code === 'directory-role-missing' ||
  code === 'no-owned-subscriptions';

function OtherWay({ flow, problem }: { readonly flow: FlowView; readonly problem: Problem }) {
  if (problem.code === 'already-connected') {
    const id = TenantId.safeParse(problem.tenantId);
    return id.success ? <ButtonLink href={tenantPath(id.data)}>Open {problem.tenantName}</ButtonLink> : null;
  }
  if (problem.code === 'tenant-removed') {
    return <ButtonLink href={LIST_PATH}>Go to the removed tenants</ButtonLink>;
  }
  if (problem.code === 'wrong-tenant' && flow.mayConnect) {
    return (
      <ButtonLink href={addPath({ kind: flow.kind, tenant: problem.actual })}>
        Connect the other tenant instead
      </ButtonLink>
    );
  }
  return null;
}
