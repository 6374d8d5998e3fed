import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { ProblemDetails, traceOf, WhoCanFix } from '#components/problem-words.tsx';
import { CodeValue } from '#components/ui/code-value.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import type { Problem } from '#lib/core/problem.ts';
import { describeProblem } from '#lib/core/problem-text.ts';
import { agreementLabel } from '#lib/domain/billing/model.ts';
import type { BillingAccountView } from '#lib/domain/billing/queries.ts';
import { ActionForm } from '../../../_components/action-form.tsx';
import {
  checkBillingAccountAction,
  migrateEnrollmentAction,
  removeBillingAccountAction,
} from '../actions.ts';
import { BillingStateBadge, stateSentence } from './account-state.tsx';
import { CommandsDialog } from './commands-dialog.tsx';

type Props = {
  readonly tenantId: TenantId;
  readonly account: BillingAccountView;
  readonly mayChange: boolean;
};

/** An enrollment or billing account: whether its costs can be read, what proves it, and what can be done. */
export function AccountCard({ tenantId, account, mayChange }: Props) {
  const { name, displayName, state, problem, isEnrollment } = account;
  const title = displayName ?? (isEnrollment ? 'Enrollment' : 'Billing account');
  const label = isEnrollment ? `Enrollment ${name}` : (displayName ?? name);
  const sentence = stateSentence(account);
  return (
    <article aria-label={label} className="flex flex-col gap-3 rounded-card border border-line p-4 sm:p-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-col items-start">
          <h3 className="break-words font-medium">{title}</h3>
          <CodeValue value={name} name={isEnrollment ? 'enrollment number' : 'billing account ID'} />
        </div>
        <BillingStateBadge state={state} />
      </div>
      <p role="status" className="empty:hidden">
        {sentence}
      </p>
      {problem && isTold(account) ? (
        <AccountProblem problem={problem} isBad={state === 'cannot_connect'} />
      ) : null}
      <Facts account={account} />
      {mayChange ? <Actions tenantId={tenantId} account={account} /> : null}
    </article>
  );
}

/** Where nobody has begun, the state says it all. */
const isTold = ({ state, problem }: BillingAccountView): boolean =>
  state !== 'activation_required' || problem?.code !== 'billing-role-missing';

function AccountProblem({ problem, isBad }: { readonly problem: Problem; readonly isBad: boolean }) {
  const { title, who, action } = describeProblem(problem);
  return (
    <div role="alert" className="flex flex-col gap-1">
      <p className={isBad ? 'font-medium text-danger' : 'font-medium'}>{title}</p>
      <p>{action}</p>
      <WhoCanFix who={who} />
      <ProblemDetails code={problem.code} trace={traceOf(problem)} />
    </div>
  );
}

function Facts({ account }: { readonly account: BillingAccountView }) {
  const { agreementType, accountType, checkedAt, assignedBy, assignedAt } = account;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 text-small">
      <Fact term="Agreement">{agreementLabel(agreementType)}</Fact>
      {accountType && accountType !== agreementType ? <Fact term="Account type">{accountType}</Fact> : null}
      <Fact term="Checked">{checkedAt ? <RelativeTime value={checkedAt} /> : 'Not yet'}</Fact>
      {assignedBy && assignedAt ? (
        <Fact term="Role given by">
          {assignedBy}, <RelativeTime value={assignedAt} />
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-muted">{term}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

function Actions({ tenantId, account }: Omit<Props, 'mayChange'>) {
  const { name, state, isEnrollment, isSupported, commands } = account;
  const fields = { tenantId, account: name };
  const isWorking = state === 'connected' || state === 'waiting_for_data';
  return (
    <div className="flex flex-wrap items-start gap-2">
      {isEnrollment && isSupported && !isWorking ? (
        <ActionForm
          action={migrateEnrollmentAction}
          fields={fields}
          label="Migrate EA API"
          variant="primary"
        />
      ) : null}
      {commands && !isWorking ? (
        <CommandsDialog tenantId={tenantId} account={account} commands={commands} />
      ) : null}
      <ActionForm action={checkBillingAccountAction} fields={fields} label="Check" />
      <ConfirmDialog
        triggerLabel="Remove"
        triggerVariant="ghost"
        title={isEnrollment ? `Remove enrollment ${name}?` : 'Remove this billing account?'}
        confirmLabel="Remove"
        tone="danger"
        action={removeBillingAccountAction}
        fields={fields}
        doneText={isEnrollment ? `Enrollment ${name} is removed.` : 'The billing account is removed.'}
      >
        <p>
          The portal no longer reads its costs. Nothing changes at Microsoft: a role that was given there
          stays until somebody takes it back.
        </p>
      </ConfirmDialog>
    </div>
  );
}
