/** Joins the class names that apply; conditions that are false leave nothing behind. */
export function classNames(...names: ReadonlyArray<string | false | null | undefined>): string {
  return names.filter(Boolean).join(' ');
}
