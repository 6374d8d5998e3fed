/** The query of a filter form: fields in their order, without those left empty. */
export function filterQuery(form: FormData): string {
  const query = new URLSearchParams();
  for (const [name, value] of form) {
    const text = typeof value === 'string' ? value.trim() : '';
    if (text !== '') query.append(name, text);
  }
  return query.toString();
}
