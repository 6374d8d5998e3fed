/*
 * Looks for secrets in texts, in every form in which programs pass them on.
 */
export type Secret = { readonly name: string; readonly value: string };

/** A part of a secret this long is as good as the whole. */
const PART = 16;

/** Of a token all but the signature is no secret by itself: it names people and times, as other texts do. */
const secretPart = (value: string): string =>
  /^eyJ[\w-]*\.[\w-]*\.[\w-]+$/.test(value) ? value.slice(value.lastIndexOf('.') + 1) : value;

/** Base64 of a text in which the secret begins at any place: what of it does not depend on its neighbours. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${' '.repeat(offset)}${value}`)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(offset === 0 ? 0 : offset + 1, -2);
  });
}

function formsOf(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  return [
    value,
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    Buffer.from(value).toString('hex'),
    ...base64Forms(value),
    ...base64Forms(value).map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Finds parts of these secrets. */
export class LeakFinder {
  readonly #parts = new Map<string, string>();
  readonly #short: Secret[] = [];

  constructor(secrets: readonly Secret[]) {
    for (const { name, value } of secrets) {
      for (const form of formsOf(secretPart(value))) {
        if (form.length < PART) this.#short.push({ name, value: form });
        for (let at = 0; at + PART <= form.length; at += 1) this.#parts.set(form.slice(at, at + PART), name);
      }
    }
  }

  /** The names of the secrets of which a part is in the text, each once. */
  leaksIn(text: string): string[] {
    const found = new Set(this.#short.filter(({ value }) => text.includes(value)).map(({ name }) => name));
    for (let at = 0; at + PART <= text.length; at += 1) {
      const name = this.#parts.get(text.slice(at, at + PART));
      if (name) found.add(name);
    }
    return [...found];
  }
}
