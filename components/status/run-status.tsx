import { CircleAlert, CircleCheck, CircleDashed, CircleSlash, LoaderCircle } from 'lucide-react';
import { StatusBadge, type StatusBadgeProps } from '../ui/status-badge.tsx';

/** The words and looks of an import run's status, keyed as the database spells them. */
const LOOK = {
  running: { word: 'Running', tone: 'info', icon: LoaderCircle, busy: true },
  completed: { word: 'Completed', tone: 'success', icon: CircleCheck },
  partial: { word: 'Partial', tone: 'warning', icon: CircleDashed },
  failed: { word: 'Failed', tone: 'danger', icon: CircleAlert },
  cancelled: { word: 'Cancelled', tone: 'neutral', icon: CircleSlash },
} as const satisfies Record<string, StatusBadgeProps>;

export type RunStatusKey = keyof typeof LOOK;

/** The word that the portal uses for this status everywhere. */
export const runStatusWord = (status: RunStatusKey): string => LOOK[status].word;

export function RunStatusBadge({ status }: { readonly status: RunStatusKey }) {
  return <StatusBadge {...LOOK[status]} />;
}
