import Link from 'next/link';
import type { ButtonHTMLAttributes, ComponentProps, ReactNode } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button-class.ts';
import { Tooltip, type TooltipSide } from './tooltip.tsx';

const SQUARE: Readonly<Record<ButtonSize, string>> = { medium: 'w-9 px-0!', small: 'w-7 px-0!' };

type Look = {
  /** The accessible name, and the words of the tooltip. */
  readonly label: string;
  readonly icon: ReactNode;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly tooltipSide?: TooltipSide;
};

/** A button with an icon alone; its name appears when it is pointed at or focused. */
export function IconButton({
  label,
  icon,
  variant = 'ghost',
  size = 'medium',
  tooltipSide,
  type = 'button',
  className,
  ...rest
}: Look & Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'>) {
  return (
    <Tooltip text={label} side={tooltipSide}>
      <button
        {...rest}
        type={type}
        aria-label={label}
        className={buttonClass(variant, size, `${SQUARE[size]} ${className ?? ''}`)}
      >
        {icon}
      </button>
    </Tooltip>
  );
}

/** The same for a link. */
export function IconLink({
  label,
  icon,
  variant = 'ghost',
  size = 'medium',
  tooltipSide,
  className,
  ...rest
}: Look & Omit<ComponentProps<typeof Link>, 'children'>) {
  return (
    <Tooltip text={label} side={tooltipSide}>
      <Link
        prefetch={false}
        {...rest}
        aria-label={label}
        className={buttonClass(variant, size, `${SQUARE[size]} ${className ?? ''}`)}
      >
        {icon}
      </Link>
    </Tooltip>
  );
}
