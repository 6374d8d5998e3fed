import { FileText } from 'lucide-react';
import type { Metadata } from 'next';
import { DescriptionList } from '#components/ui/description-list.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { AGREEMENT_LABEL } from '#lib/domain/tenants/model.ts';
import { loadAzureTenant, type TenantPageProps, tabTitle } from '../tenant.ts';

export const generateMetadata = (props: TenantPageProps): Promise<Metadata> => tabTitle(props, 'Enrollments');

export default async function EnrollmentsPage({ params }: TenantPageProps) {
  const { agreement, enrollmentNumber } = await loadAzureTenant((await params).id);
  if (agreement !== 'ea') {
    return (
      <EmptyState icon={FileText} title="This tenant has no enrollment">
        <p>
          Enrollments belong to an Enterprise Agreement. This tenant was added with{' '}
          {agreement ? AGREEMENT_LABEL[agreement] : 'another agreement'}.
        </p>
      </EmptyState>
    );
  }
  if (!enrollmentNumber) {
    return (
      <EmptyState icon={FileText} title="No enrollment is known">
        <p>No enrollment number was given when this tenant was added. Subscriptions are shown without one.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <p className="text-muted">
        An enrollment is what Microsoft bills an Enterprise Agreement by. The number is kept as it was given;
        it has not been checked with Microsoft.
      </p>
      <DescriptionList
        items={[
          { term: 'Enrollment number', value: enrollmentNumber },
          { term: 'Agreement', value: AGREEMENT_LABEL[agreement] },
        ]}
      />
    </>
  );
}
