'use client';

import { useEffect, useState } from 'react';

/**
 * A value as it was when the pointer went down, until it is up again: what it draws does not push away the button that
 * is being pressed, which would lose the click.
 */
export function useUnmovedByPress<T>(value: T): T {
  const [isPressed, setIsPressed] = useState(false);
  const [shown, setShown] = useState(value);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const press = () => setIsPressed(true);
    // The click comes after the pointer is up.
    const release = () => {
      timer = setTimeout(() => setIsPressed(false));
    };
    document.addEventListener('pointerdown', press, true);
    for (const end of ['pointerup', 'pointercancel']) document.addEventListener(end, release, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerdown', press, true);
      for (const end of ['pointerup', 'pointercancel']) document.removeEventListener(end, release, true);
    };
  }, []);
  if (isPressed) return shown;
  if (shown !== value) setShown(value);
  return value;
}
