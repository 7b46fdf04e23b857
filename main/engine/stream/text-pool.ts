/** Names repeat over a capture's flows: keeping each only once bounds what a million hinted flows cost. */
const MAX_TEXTS = 65_536;

export class TextPool {
  readonly #texts = new Map<string, string>();
  readonly #lists = new Map<string, readonly string[]>();

  /** The same text, shared with all others who asked for it. A full pool hands texts back as they are. */
  one(text: string): string {
    const shared = this.#texts.get(text);
    if (shared !== undefined) return shared;
    if (this.#texts.size < MAX_TEXTS) this.#texts.set(text, text);
    return text;
  }

  list(texts: readonly string[]): readonly string[] {
    if (texts.length === 0) return EMPTY;
    const key = texts.join('\0');
    const shared = this.#lists.get(key);
    if (shared !== undefined) return shared;
    if (this.#lists.size < MAX_TEXTS) this.#lists.set(key, texts);
    return texts;
  }
}

const EMPTY: readonly string[] = [];
