import type { ActionEntry, Entry, HandlerEntry, Names, PageEntry } from '../../scripts/access/model.ts';
import type { Call } from './http.ts';
import type { Ids } from './organization.ts';

/** What stands where an entry names something, by parameter or field; what is absent from the query is left out. */
export type Values = Readonly<Record<string, string>>;

/** The places where a request of this kind always names something, and those where it may. */
export function placesOf(entry: Entry): { readonly always: Names; readonly maybe: Names } {
  if (entry.type === 'action') return { always: entry.ids, maybe: {} };
  if (entry.type === 'handler' && entry.isQueryNeeded)
    return { always: { ...entry.path, ...entry.query }, maybe: {} };
  return { always: entry.path, maybe: entry.query };
}

/** The address of a page or a route handler. */
export function addressOf(entry: PageEntry | HandlerEntry, values: Values): string {
  const fixed = entry.type === 'page' ? entry.fixed : {};
  const path = entry.route.replaceAll(/\[+(?:\.\.\.)?(\w+)\]+/g, (_part, name: string) =>
    encodeURIComponent(values[name] ?? fixed?.[name] ?? ''),
  );
  const query = new URLSearchParams(entry.type === 'handler' ? entry.always : {});
  for (const name of Object.keys(entry.query)) {
    const value = values[name];
    if (value !== undefined) query.set(name, value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

/** The page on which somebody with these ids finds the form of an action. */
export function atOf({ at }: ActionEntry, table: readonly Entry[], ids: Ids): string {
  const page = table.find((entry) => entry.type === 'page' && entry.route === at);
  if (page?.type !== 'page') throw new Error(`${at} is not a page of the table.`);
  return addressOf(
    page,
    Object.fromEntries(Object.entries(page.path).map(([name, kind]) => [name, ids[kind]])),
  );
}

export function callOf(portalUrl: string, entry: PageEntry | HandlerEntry, values: Values): Call {
  const path = addressOf(entry, values);
  if (entry.type === 'page' || entry.method === 'GET') return { path };
  return {
    path,
    method: entry.method,
    headers: { origin: portalUrl, 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  };
}

/** What a form of the action holds. */
const fieldsOf = (entry: ActionEntry, values: Values): [string, string][] => [
  ...Object.entries(entry.texts),
  ...Object.keys(entry.ids).map((name): [string, string] => [name, values[name] ?? '']),
];

/** The call of an action as React's client sends it, from the page at `path`. */
export function actionCall(
  portalUrl: string,
  entry: ActionEntry,
  id: string,
  path: string,
  values: Values,
): Call {
  const headers = { origin: portalUrl, accept: 'text/x-component', 'next-action': id };
  if (entry.takes === 'nothing')
    return { method: 'POST', path, headers: { ...headers, 'content-type': 'text/plain' }, body: '[]' };
  const fields = fieldsOf(entry, values).map(([name, value]): [string, string] => [`_1_${name}`, value]);
  const taken = entry.takes === 'form' ? '["$K1"]' : '[{},"$K1"]';
  return { method: 'POST', path, ...multipart([...fields, ['0', taken]], headers) };
}

/** The same form without JavaScript: the browser posts it, and hidden fields name the action. */
export function formCall(
  portalUrl: string,
  entry: ActionEntry,
  id: string,
  path: string,
  values: Values,
): Call {
  const action: [string, string][] =
    entry.takes === 'state-and-form'
      ? [
          ['$ACTION_REF_1', ''],
          ['$ACTION_1:0', JSON.stringify({ id, bound: '$@1' })],
          ['$ACTION_1:1', '[{}]'],
          ['$ACTION_KEY', 'k1'],
        ]
      : [[`$ACTION_ID_${id}`, '']];
  return {
    method: 'POST',
    path,
    ...multipart([...action, ...fieldsOf(entry, values)], { origin: portalUrl }),
  };
}

function multipart(fields: readonly (readonly [string, string])[], headers: Record<string, string>) {
  const boundary = '----access-matrix';
  const parts = fields.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}
