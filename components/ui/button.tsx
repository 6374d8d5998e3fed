import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { ButtonHTMLAttributes, ComponentProps, ReactNode } from 'react';
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

/** The look of a button, for an element that this file does not make (a dialog's trigger, a `<summary>`). */
export function buttonClass(
  variant: ButtonVariant = 'secondary',
  size: ButtonSize = 'medium',
  extra?: string,
) {
  return classNames(BASE, VARIANT[variant], variant === 'link' ? 'text-body' : SIZE[size], extra);
}

type Look = {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  /** Sits before the words, 16 px, hidden from screen readers. */
  readonly icon?: ReactNode;
};

export type ButtonProps = Look &
  ButtonHTMLAttributes<HTMLButtonElement> & {
    /** Work is under way: a spinner replaces the icon and the button stops answering, but keeps its name and place. */
    readonly loading?: boolean;
  };

/** A button. Inside a form it submits only where `type="submit"` says so. */
export function Button({
  variant,
  size,
  icon,
  loading = false,
  disabled,
  type = 'button',
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={disabled || loading}
      aria-busy={loading || undefined}
      className={buttonClass(variant, size, className)}
    >
      {loading ? <LoaderCircle aria-hidden className="size-4 animate-spin" /> : icon}
      {children}
    </button>
  );
}

export type ButtonLinkProps = Look & ComponentProps<typeof Link>;

/** A link that looks like a button: it goes somewhere, it does not do something. */
export function ButtonLink({ variant, size, icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link prefetch={false} {...rest} className={buttonClass(variant, size, className)}>
      {icon}
      {children}
    </Link>
  );
}
