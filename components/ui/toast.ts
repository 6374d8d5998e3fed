import type { StatusTone } from './status-badge.tsx';

export type Toast = {
  readonly text: string;
  readonly tone?: Extract<StatusTone, 'success' | 'info' | 'danger'>;
};

/** The event by which a component of the page reaches the toast region of the shell. */
export const TOAST_EVENT = 'portal:toast';

/** Says something for a moment at the edge of the window. For news only: what a person must act on stays on the page. */
export function showToast(toast: Toast): void {
  window.dispatchEvent(new CustomEvent(TOAST_EVENT, { detail: toast }));
}
