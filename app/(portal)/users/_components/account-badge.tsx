import { CircleCheck, CircleHelp, CircleSlash } from 'lucide-react';
import { StatusBadge } from '#components/ui/status-badge.tsx';

/** Whether somebody can sign in with the account. */
export function AccountBadge({ isEnabled }: { readonly isEnabled: boolean | null }) {
  if (isEnabled === null) return <StatusBadge tone="neutral" icon={CircleHelp} word="Not stated" />;
  return isEnabled ? (
    <StatusBadge tone="success" icon={CircleCheck} word="Enabled" />
  ) : (
    <StatusBadge tone="neutral" icon={CircleSlash} word="Disabled" />
  );
}
