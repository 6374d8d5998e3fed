'use client';

import { useFormStatus } from 'react-dom';
import { Button, type ButtonProps } from './button.tsx';

/** The submit button of a form with a server action: shows by itself that the action is under way. */
export function SubmitButton({ variant = 'primary', loading, ...rest }: Omit<ButtonProps, 'type'>) {
  const { pending } = useFormStatus();
  return <Button {...rest} type="submit" variant={variant} loading={pending || loading} />;
}
