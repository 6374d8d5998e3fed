import type { Problem } from '#lib/core/problem.ts';
import type { ProblemText } from '#lib/core/problem-text.ts';

type FormAnswer = {
  readonly problem?: Problem;
  readonly text?: ProblemText;
  readonly fields?: Readonly<Record<string, string>>;
};

type Fields = { readonly enrollmentNumber?: string; readonly accessToken?: string };

/**
 * What stands at each field of the form: what the server said of it, or what was found out about the key. `ofField` is
 * the Problem that is told there, and so nowhere else.
 */
export function fieldWords({ problem, text, fields = {} }: FormAnswer): {
  readonly fields: Fields;
  readonly ofField?: Problem;
} {
  switch (problem?.code) {
    case 'access-token-wrong-enrollment':
      return {
        fields: {
          enrollmentNumber: problem.claimed
            ? `The access token says ${problem.claimed}.`
            : 'Microsoft expects another number with this access token.',
          accessToken: wordsOf(text),
        },
        ofField: problem,
      };
    case 'access-token-expired':
    case 'access-token-refused':
      return { fields: { accessToken: wordsOf(text) }, ofField: problem };
    default:
      return { fields };
  }
}

const wordsOf = (text: ProblemText | undefined): string => (text ? `${text.title} ${text.action}` : '');
