import { z } from 'zod';

export const NAME_CHARACTERS_MAX = 120;

/**
 * Characters that cannot be seen but change how the text around them is read: controls, line ends, direction marks, and
 * halves of characters.
 */
const INVISIBLE_CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/**
 * A name that a person gives to a thing, such as `what` = "the organization". Outer spaces are dropped, the text is
 * kept in Unicode's composed form, and each refusal says in words what to enter instead.
 */
export const nameOf = (what: string) =>
  z
    .string({ error: `Enter a name for ${what}.` })
    .transform((text) => text.trim().normalize('NFC'))
    .superRefine((name, context) => {
      if (INVISIBLE_CONTROL.test(name)) {
        context.addIssue('The name contains control characters or line breaks. Type it without them.');
      } else if (!VISIBLE.test(name)) {
        context.addIssue(`Enter a name for ${what}.`);
      } else if ([...name].length > NAME_CHARACTERS_MAX) {
        context.addIssue(`The name is too long. Use at most ${NAME_CHARACTERS_MAX} characters.`);
      }
    });
