import { SearchX } from 'lucide-react';
import { ButtonLink } from './ui/button.tsx';

/** What a missing page and a page of somebody else have in common: it does not exist. */
export function NotFound() {
  return (
    <div className="flex flex-col items-start gap-4">
      <span className="flex size-11 items-center justify-center rounded-full bg-sunken text-muted">
        <SearchX aria-hidden className="size-5" />
      </span>
      <div className="flex flex-col gap-1">
        <h1 className="font-semibold text-title">Page not found</h1>
        <p className="max-w-md text-muted">
          There is nothing at this address. It may have been removed, or it belongs to another organization.
        </p>
      </div>
      <ButtonLink href="/setup/cloud-tenants">Go to Cloud Tenant Setup</ButtonLink>
    </div>
  );
}
