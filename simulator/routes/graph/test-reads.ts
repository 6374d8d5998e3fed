/*
 * For tests of Graph: plain requests with a token, whole listings, refusals.
 */
export type Row = Record<string, unknown> & { id: string; manager?: Record<string, unknown> };
export type Page = {
  value: Row[];
  '@odata.nextLink'?: string;
  '@odata.deltaLink'?: string;
  '@odata.count'?: number;
};
export type Failure = { error: { code: string; message: string; innerError: Record<string, string> } };

type Options = { readonly as?: string; readonly eventual?: boolean };

/** Reads of one simulator's Graph; `token` is used where a call names no other one. */
export function graphReads(url: string, token: string) {
  const get = (path: string, { as = token, eventual = false }: Options = {}) =>
    fetch(path.startsWith('http') ? path : `${url}/v1.0${path}`, {
      headers: { authorization: `Bearer ${as}`, ...(eventual ? { ConsistencyLevel: 'eventual' } : {}) },
    });

  const read = async <T = Page>(path: string, options?: Options) =>
    (await (await get(path, options)).json()) as T;

  /** Follows the links to the last page. */
  async function drain(path: string, options?: Options): Promise<{ rows: Row[]; last: Page; pages: number }> {
    const rows: Row[] = [];
    for (let link = path, pages = 1; ; pages++) {
      const page = await read(link, options);
      rows.push(...page.value);
      if (page['@odata.nextLink'] === undefined) return { rows, last: page, pages };
      link = page['@odata.nextLink'];
    }
  }

  async function refusal(path: string, options?: Options) {
    const response = await get(path, options);
    const body = (await response.json()) as Failure;
    return { status: response.status, code: body.error.code };
  }

  return { get, read, drain, refusal };
}
