/**
 * The index of the tab whose address the page belongs to: the longest one that equals `pathname` or is a folder
 * above it; undefined where none is.
 */
export function selectedTab(hrefs: readonly string[], pathname: string): number | undefined {
  let best: number | undefined;
  for (const [index, href] of hrefs.entries()) {
    if (pathname !== href && !pathname.startsWith(`${href}/`)) continue;
    if (best === undefined || href.length > (hrefs[best]?.length ?? 0)) best = index;
  }
  return best;
}

/** Where a key moves the focus within a tab list of `count` tabs; undefined for keys that are not its own. */
export function nextTabIndex(key: string, current: number, count: number): number | undefined {
  if (count === 0 || current < 0) return undefined;
  switch (key) {
    case 'ArrowRight':
      return (current + 1) % count;
    case 'ArrowLeft':
      return (current - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
