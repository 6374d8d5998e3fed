import type { Directory } from '../../directory/directory.ts';
import { jsonText } from '../../directory/json.ts';
import type { ManagerExpansion } from './users-query.ts';

/**
 * The members of one user as Graph writes them, without the braces: the asked columns in their order, then the manager
 * where there is one. Text and not an object, because a page holds a thousand users and is written far more often than
 * anything else here.
 */
export function userMembers(
  directory: Directory,
  index: number,
  columns: readonly string[],
  manager: ManagerExpansion | undefined,
): string {
  const type = directory.value(index, '@odata.type');
  let text = type === undefined ? '' : `"@odata.type":${jsonText(type)}`;
  for (const column of columns) {
    const value = directory.value(index, column);
    if (value !== undefined) text += `${text === '' ? '' : ','}"${column}":${jsonText(value)}`;
  }
  const expanded = manager && managerMembers(directory, index, manager);
  return expanded ? `${text}${text === '' ? '' : ','}"manager":{${expanded}}` : text;
}

/** The members of the manager, a user or an organizational contact; undefined when there is none or it was deleted. */
export function managerMembers(
  directory: Directory,
  index: number,
  expansion: ManagerExpansion,
): string | undefined {
  const found = directory.managerOf(index);
  if (found === undefined) return undefined;
  if (found === 'contact') return contactMembers(directory, index, expansion);
  const deeper = expansion.levels > 1 ? { ...expansion, levels: expansion.levels - 1 } : undefined;
  return `"@odata.type":"#microsoft.graph.user",${userMembers(directory, found, expansion.columns, deeper)}`;
}

function contactMembers(directory: Directory, index: number, { columns }: ManagerExpansion): string {
  const values: Record<string, string> = {
    id: directory.rows.contactId(index),
    displayName: 'External Manager',
    mail: `manager${index}@partner.example`,
  };
  const members = columns.flatMap((column) => {
    const value = values[column];
    return value === undefined ? [] : [`"${column}":${jsonText(value)}`];
  });
  return ['"@odata.type":"#microsoft.graph.orgContact"', ...members].join(',');
}
