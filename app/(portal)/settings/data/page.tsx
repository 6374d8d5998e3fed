import type { Metadata } from 'next';
import { formatQuantity } from '#components/format.ts';
import { ProblemPanel } from '#components/problem-panel.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Section } from '#components/ui/section.tsx';
import { dataSettings } from '#lib/domain/data-settings/read.ts';
import { signedInContext } from '#lib/web/signed-in-context.ts';
import { ErasePerson } from './_components/erase-person.tsx';
import { ErasedPeople } from './_components/erased-people.tsx';
import { FieldSwitches } from './_components/field-switches.tsx';
import { RetentionForm } from './_components/retention-form.tsx';

export const metadata: Metadata = { title: 'Data settings' };

export default async function DataSettingsPage() {
  const settings = await dataSettings(await signedInContext());
  if (!settings.ok) return <ProblemPanel problem={settings.problem} />;
  const { switchedOff, historyDays, erased, mayChange } = settings.value;
  return (
    <>
      <PageHeader
        title="Data settings"
        description={
          mayChange
            ? 'What is kept of the users of all connected tenants, and for how long. Nothing changes at Microsoft.'
            : 'What is kept of the users of all connected tenants, and for how long. Admins and owners can change it.'
        }
      />
      <Section
        title="History"
        description="Each import keeps what a user was before a change, so that the pages can tell what was there on a past day."
      >
        {mayChange ? (
          <RetentionForm days={historyDays} />
        ) : (
          <p>Kept for {formatQuantity(historyDays, 'day')}.</p>
        )}
      </Section>
      <Section
        title="Erasure of a person"
        description="Erases what is kept of one person, such as when they ask for it, and leaves them out of all imports from then on."
      >
        {mayChange ? <ErasePerson /> : null}
        <ErasedPeople people={erased} mayChange={mayChange} />
      </Section>
      <Section
        title="Imported fields"
        description="All fields are imported unless you switch them off. IDs, names, user principal names and assigned licences are always imported."
      >
        <FieldSwitches switchedOff={switchedOff} mayChange={mayChange} />
      </Section>
    </>
  );
}
