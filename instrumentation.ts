import type { Instrumentation } from 'next';

/**
 * Next calls this once when a server process starts, in each of its runtimes. What needs Node.js sits in a file of its
 * own, so that the other runtime's bundle never meets it.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { startInside } = await import('./instrumentation-node.ts');
    startInside();
  }
}

/** Next calls this with what a page, an action or a route has thrown and nothing of ours has caught. */
export const onRequestError: Instrumentation.onRequestError = async (error, request) => {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { reportRequestError } = await import('./instrumentation-node.ts');
    reportRequestError(error, request);
  }
};
