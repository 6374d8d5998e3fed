import { expect, test } from 'vitest';
import { answerInTime } from './answer-in-time.ts';

test('an answer and a failure pass through, silence becomes a failure', async () => {
  await expect(answerInTime(Promise.resolve(1))).resolves.toBe(1);
  await expect(answerInTime(Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  await expect(answerInTime(new Promise(() => undefined), 1)).rejects.toThrow('did not answer');
});
