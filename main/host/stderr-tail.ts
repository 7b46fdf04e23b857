/** The last words of a process, bounded. */
const MAX_CHARACTERS = 8_192;

export class StderrTail {
  #text = '';

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MAX_CHARACTERS);
  }

  get text(): string {
    return this.#text;
  }
}
