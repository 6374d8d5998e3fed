import { History } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { formatCount } from '#components/format.ts';
import {
  Cell,
  ColumnHeader,
  DataTable,
  RowHeader,
  TableBody,
  TableHead,
  TableRow,
} from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Section } from '#components/ui/section.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { AbsoluteTime } from '#components/ui/time.tsx';
import type { TenantId } from '#lib/core/ids.ts';
import { DelegationSubject } from '#lib/domain/access-changes/model.ts';
import { listAccessChanges } from '#lib/domain/access-changes/queries.ts';
import { FlowReference } from '#lib/domain/consent/model.ts';
import { getDelegation } from '#lib/domain/delegation/queries.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { changePath } from '../../../paths.ts';
import { loadAzureTenant, tabTitle } from '../../tenant.ts';

type Props = {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: Promise<{ readonly flow?: string | string[] }>;
};

export const generateMetadata = ({ params }: Props): Promise<Metadata> =>
  tabTitle({ params }, 'Changes of access levels');

/** The latest changes of access levels; with the sign-in for one of them, on to that one. */
export default async function ChangesPage({ params, searchParams }: Props) {
  const { tenantId, name } = await loadAzureTenant((await params).id);
  const { flow } = await searchParams;
  if (flow !== undefined) await goToChange(tenantId, flow);
  const changes = await listAccessChanges(await signedInContext(), { tenantId });
  if (!changes.ok) notFound();
  return (
    <Section title="Changes of access levels" description="The latest first.">
      {changes.value.length === 0 ? (
        <EmptyState icon={History} title="No access level has been changed yet">
          <p>Choose “Change Access” on the Subscriptions tab.</p>
        </EmptyState>
      ) : (
        <DataTable label={`Changes of access levels of ${name}`}>
          <TableHead>
            <ColumnHeader sticky>Planned</ColumnHeader>
            <ColumnHeader>By</ColumnHeader>
            <ColumnHeader numeric>Subscriptions</ColumnHeader>
            <ColumnHeader numeric>Done</ColumnHeader>
            <ColumnHeader numeric>Not finished</ColumnHeader>
          </TableHead>
          <TableBody>
            {changes.value.map(({ changeId, createdAt, personName, all, done, open }) => (
              <TableRow key={changeId}>
                <RowHeader>
                  <TextLink href={changePath(tenantId, changeId)}>
                    <AbsoluteTime value={createdAt} />
                  </TextLink>
                </RowHeader>
                <Cell>{personName}</Cell>
                <Cell numeric>{formatCount(all)}</Cell>
                <Cell numeric>{formatCount(done)}</Cell>
                <Cell numeric>{formatCount(open)}</Cell>
              </TableRow>
            ))}
          </TableBody>
        </DataTable>
      )}
    </Section>
  );
}

/** Back from Microsoft: to the change that somebody has signed in for. */
async function goToChange(tenantId: TenantId, flow: string | string[]): Promise<void> {
  const reference = FlowReference.safeParse({ flowId: flow });
  if (!reference.success) notFound();
  const delegation = await getDelegation(await signedInContext(), reference.data.flowId);
  if (!delegation.ok || delegation.value.tenantId !== tenantId) notFound();
  const about = DelegationSubject.safeParse(delegation.value.subject);
  if (about.success) redirect(changePath(tenantId, about.data.changeId));
}
