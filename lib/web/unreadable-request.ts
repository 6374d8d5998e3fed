/** What Next's client names an action by. */
const ACTION_HEADER = 'next-action';

/**
 * Whether a request means nothing that the portal could answer: its path is no text, its form is none, or it calls a
 * server action with something that no form of ours sends. Next itself would fail over these before anything of ours
 * can refuse them.
 */
export const isUnreadableRequest = async (request: Request): Promise<boolean> =>
  isUnreadablePath(request) || (await isUnreadableForm(request));

function isUnreadablePath(request: Request): boolean {
  try {
    decodeURIComponent(new URL(request.url).pathname);
    return false;
  } catch {
    return true;
  }
}

async function isUnreadableForm(request: Request): Promise<boolean> {
  const type = request.headers.get('content-type') ?? '';
  const isForm = /^multipart\/form-data(;|$)/i.test(type);
  const isCall = request.headers.has(ACTION_HEADER);
  if (request.method !== 'POST' || !(isForm || isCall)) return false;
  try {
    // React's client writes the arguments as the body itself, or beside the fields of the forms among them.
    const written = isForm ? (await request.formData()).get('0') : await request.text();
    if (!isCall) return false;
    if (typeof written !== 'string' || !(isForm || /^text\/plain(;|$)/i.test(type))) return true;
    const args: unknown = JSON.parse(written);
    return !Array.isArray(args) || !isReadable(args, args);
  } catch {
    return true;
  }
}

function isReadable(value: unknown, root: unknown): boolean {
  if (typeof value === 'string') return !value.startsWith('$') || isKnownReference(value.slice(1), root);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((member) => isReadable(member, root));
}

const VALUES: ReadonlySet<string> = new Set(['undefined', 'NaN', 'Infinity', '-Infinity', '-0', 'T']);

/** What may follow a `$`: another one, a value that JSON has no word for, a form, or a place in the same arguments. */
function isKnownReference(reference: string, root: unknown): boolean {
  if (reference.startsWith('$') || VALUES.has(reference) || /^K[\da-f]{1,4}$/.test(reference)) return true;
  if (/^D\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(reference)) return true;
  const [first, ...steps] = reference.split(':');
  if (first !== '0') return false;
  let place = root;
  for (const step of steps) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, step)) return false;
    place = Reflect.get(place, step);
  }
  return true;
}
