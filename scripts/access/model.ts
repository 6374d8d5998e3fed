/** Who asks. Viewer, admin and owner are members of one organization; the stranger is the owner of another one. */
export const ROLES = ['signed-out', 'newcomer', 'viewer', 'admin', 'owner', 'stranger'] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_MEANING: Readonly<Record<Role, string>> = {
  'signed-out': 'nobody is signed in',
  newcomer: 'signed in, without an organization',
  viewer: 'a viewer of the organization',
  admin: 'an admin of the organization',
  owner: 'an owner of the organization',
  stranger: 'an owner of another organization, with ids of this one',
};

/** What comes back. */
export const OUTCOME_MEANING = {
  shown: 'the page, or the file or data that was asked for',
  done: 'it is done',
  refused: 'the page, with an alert that names the role it needs in place of its contents',
  forbidden: 'nothing happens; the answer names the role it needs (403 from a route handler)',
  'not-found': '404, or the same problem from an action: as for an id that never existed',
  'signed-out': '401',
  'sign-in': 'on to the sign-in page',
  welcome: 'on to the page where a newcomer creates an organization',
  start: 'on to the first page of the portal',
  lost: 'on to the page that says what is wrong with the answer from Microsoft, and nothing else',
  microsoft: 'on to Microsoft’s login service',
  'delegation-ended': 'nothing happens; the answer says that the sign-in for it has ended',
  invalid: 'nothing happens; the answer names the field (400 from a route handler)',
} as const;
export type Outcome = keyof typeof OUTCOME_MEANING;

export type Outcomes = Readonly<Record<Role, Outcome>>;

/** Things that belong to an organization and that a request can name. */
export const KINDS = [
  'tenant',
  'azure-tenant',
  'user',
  'flow',
  'access-token',
  'delegation',
  'subscription',
  'change',
  'run',
  'sku',
  'cursor',
  'directory',
  // Used for what changes a tenant for good.
  'spare-tenant',
  'removed-tenant',
  'removal',
] as const;
export type Kind = (typeof KINDS)[number];

/** Where a request names something: the parameter or field, and what its value stands for. */
export type Names = Readonly<Record<string, Kind>>;

type Common = {
  readonly outcomes: Outcomes;
  /**
   * What a member gets for another organization's id, or one that never existed, by parameter: `not-found` unless
   * told otherwise.
   */
  readonly foreign?: Readonly<Record<string, Outcome>>;
  /** What of the organization's data must be in the answer to a member: proves that looking for it finds it. */
  readonly shows?: readonly Kind[];
  /** A word on what is not obvious, for the document. */
  readonly note?: string;
};

export type PageEntry = Common & {
  readonly type: 'page';
  readonly route: string;
  /** Every parameter of the path that names something of an organization. */
  readonly path: Names;
  /** Every other parameter of the path, with a value to ask with. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Ids that the query can carry. */
  readonly query: Names;
};

export type HandlerEntry = Common & {
  readonly type: 'handler';
  readonly method: string;
  readonly route: string;
  readonly path: Names;
  readonly query: Names;
  /** Query that every request carries. */
  readonly always?: Readonly<Record<string, string>>;
  /** The ids of the query are asked for, and not a choice. */
  readonly isQueryNeeded?: true;
};

export type ActionEntry = Common & {
  readonly type: 'action';
  readonly file: string;
  readonly name: string;
  /** Ids that may also be written as something else, such as a name: no text is malformed there. */
  readonly orText?: readonly string[];
  /** A page of the table that shows its form. */
  readonly at: string;
  /** What the action is called with: `useActionState` puts the state before the form. */
  readonly takes: 'state-and-form' | 'form' | 'nothing';
  /** Hidden fields that name things. */
  readonly ids: Names;
  /** What a person fills in. */
  readonly texts: Readonly<Record<string, string>>;
};

export type Entry = PageEntry | HandlerEntry | ActionEntry;
