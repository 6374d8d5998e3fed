import { Check, Minus } from 'lucide-react';

type Feature = { readonly name: string; readonly detail: string };

/** What works by roles on subscriptions, which every agreement has. */
const AVAILABLE: readonly Feature[] = [
  { name: 'Subscriptions', detail: 'All that were added, with their state in Azure.' },
  { name: 'Resources', detail: 'Read by the role Reader on each subscription.' },
  { name: 'Tags', detail: 'Read, and written back where the access level allows it.' },
  { name: 'Access levels', detail: 'Changed for each subscription with an owner’s sign-in.' },
  {
    name: 'Licences and users',
    detail: 'When the tenant is added as an Office 365 account too.',
  },
];

/** What needs a billing account that gives roles to applications. */
const UNAVAILABLE: readonly Feature[] = [
  {
    name: 'Costs of the agreement',
    detail: 'An MPSA has no enrollment and no billing account whose costs an application can read.',
  },
  {
    name: 'EA API migration',
    detail: 'EnrollmentReader exists for enrollments of an Enterprise Agreement only.',
  },
  { name: 'Billing account reader', detail: 'Exists for a Microsoft Customer Agreement only.' },
  { name: 'Prepayment balance and price sheet', detail: 'Parts of an Enterprise Agreement.' },
];

/** Which features a tenant under an MPSA has, and which it has not. */
export function MpsaFeatures() {
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <Features title="Available" features={AVAILABLE} isAvailable />
      <Features title="Not available" features={UNAVAILABLE} isAvailable={false} />
    </div>
  );
}

function Features({
  title,
  features,
  isAvailable,
}: {
  readonly title: string;
  readonly features: readonly Feature[];
  readonly isAvailable: boolean;
}) {
  const Icon = isAvailable ? Check : Minus;
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{title}</h3>
      <ul aria-label={title} className="flex flex-col rounded-card border border-line">
        {features.map(({ name, detail }) => (
          <li key={name} className="flex gap-3 border-line border-b px-4 py-3 last:border-b-0">
            <Icon
              aria-hidden
              className={
                isAvailable ? 'mt-0.5 size-4 shrink-0 text-success' : 'mt-0.5 size-4 shrink-0 text-muted'
              }
            />
            <div className="flex min-w-0 flex-col">
              <span className="font-medium">{name}</span>
              <span className="text-muted">{detail}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
