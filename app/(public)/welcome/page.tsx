import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { signOutAction } from '#app/sign-out.ts';
import { Button } from '#components/ui/button.tsx';
import { requirePerson } from '#lib/auth/member.ts';
import { START_PATH } from '#lib/auth/return-to.ts';
import { NewOrganizationForm } from './_components/new-organization-form.tsx';

export const metadata: Metadata = { title: 'Create your organization' };

export default async function WelcomePage() {
  const { person } = await requirePerson();
  if (person.membership) redirect(START_PATH);
  return (
    <>
      <div className="flex flex-col gap-2">
        <h1 className="font-semibold text-title">Create your organization</h1>
        <p className="text-muted">
          Everything you connect and import belongs to an organization. You become its owner.
        </p>
      </div>
      <NewOrganizationForm />
      <form
        action={signOutAction}
        className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-line border-t pt-4 text-muted text-small"
      >
        <span className="min-w-0 break-words">
          Signed in as {person.displayName} ({person.userName})
        </span>
        <Button type="submit" variant="link">
          Sign out
        </Button>
      </form>
    </>
  );
}
