import type { Directory } from '../../directory/directory.ts';
import type { ManagerExpansion } from './users-query.ts';

type Json = Record<string, unknown>;

/** One user as Graph writes it: the asked columns in their order, then the manager where there is one. */
export function renderUser(
  directory: Directory,
  index: number,
  columns: readonly string[],
  manager: ManagerExpansion | undefined,
): Json {
  const user: Json = {};
  for (const column of columns) {
    const value = directory.value(index, column);
    if (value !== undefined) user[column] = value;
  }
  const expanded = manager && managerOf(directory, index, manager);
  if (expanded) user.manager = expanded;
  return user;
}

/** The manager, a user or an organizational contact; undefined when there is none or it was deleted. */
export function managerOf(
  directory: Directory,
  index: number,
  expansion: ManagerExpansion,
): Json | undefined {
  const overridden = directory.value(index, 'managerId');
  const found =
    overridden === undefined ? directory.rows.manager(index) : managerIndex(directory, overridden);
  if (found === 'contact') return contact(directory, index, expansion);
  if (found === undefined || !directory.exists(found)) return undefined;
  const deeper = expansion.levels > 1 ? { ...expansion, levels: expansion.levels - 1 } : undefined;
  return {
    '@odata.type': '#microsoft.graph.user',
    ...renderUser(directory, found, expansion.columns, deeper),
  };
}

const managerIndex = (directory: Directory, id: unknown): number | undefined =>
  typeof id === 'string' ? directory.find(id) : undefined;

function contact(directory: Directory, index: number, { columns }: ManagerExpansion): Json {
  const id = directory.rows.contactId(index);
  const values: Json = { id, displayName: 'External Manager', mail: `manager${index}@partner.example` };
  const known = Object.fromEntries(
    columns.filter((column) => column in values).map((column) => [column, values[column]]),
  );
  return { '@odata.type': '#microsoft.graph.orgContact', ...known };
}
