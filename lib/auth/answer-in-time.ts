/** Longer than any of our look-ups takes, and than a connection may take to be made. */
const ANSWER_MS = 10_000;

/**
 * What the database answers, or a failure when it stays silent: a connection that hangs would keep the page hanging,
 * and nobody would learn why.
 */
export async function answerInTime<T>(answer: Promise<T>, waitMs = ANSWER_MS): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => silence.reject(new Error(`The database did not answer within ${waitMs / 1000} seconds.`)),
    waitMs,
  );
  try {
    return await Promise.race([answer, silence.promise]);
  } finally {
    clearTimeout(timer);
  }
}
