import { classNames } from './class-names.ts';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger' | 'link';
export type ButtonSize = 'medium' | 'small';

const BASE =
  'inline-flex select-none items-center justify-center gap-2 whitespace-nowrap rounded-control font-medium ' +
  'transition-colors disabled:opacity-55 aria-disabled:opacity-55';

const VARIANT: Readonly<Record<ButtonVariant, string>> = {
  primary: 'bg-accent text-on-accent shadow-control enabled:hover:bg-accent-hover [a&]:hover:bg-accent-hover',
  secondary:
    'border border-control/60 bg-canvas text-ink shadow-control enabled:hover:bg-hover enabled:active:bg-pressed ' +
    '[a&]:hover:bg-hover [a&]:active:bg-pressed',
  ghost:
    'text-ink enabled:hover:bg-hover enabled:active:bg-pressed [a&]:hover:bg-hover [a&]:active:bg-pressed',
  danger: 'bg-danger-solid text-on-danger shadow-control enabled:hover:bg-danger-solid-hover',
  link: 'link justify-start font-normal',
};

const SIZE: Readonly<Record<ButtonSize, string>> = {
  medium: 'h-9 px-3.5 text-body',
  small: 'h-7 px-2.5 text-small',
};

/** The look of a button, for an element other than `Button` and `ButtonLink`. */
export function buttonClass(
  variant: ButtonVariant = 'secondary',
  size: ButtonSize = 'medium',
  extra?: string,
) {
  return classNames(BASE, VARIANT[variant], variant === 'link' ? 'text-body' : SIZE[size], extra);
}
