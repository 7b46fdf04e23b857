/**
 * How a tab gets the token of the loopback host. The code of its address is exchanged for it, and is then taken off the
 * address; the token stays in this tab's storage, for when it is loaded again. A second tab asks the others: their messages
 * reach pages of this very host and port only, which a cookie would not keep to.
 */

/** Of the browser's window. */
export interface Tab {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
  /** Throws where the browser keeps nothing. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** Undefined in browsers that have none. */
  readonly otherTabs: BroadcastChannel | undefined;
}

const KEY = 'resetscope.token';
/** A tab that has slept may be slow to answer; one that is not there never does. */
const OTHER_TABS_MS = 1_000;

const ASK = 'who has the token?';

export class Session {
  readonly #tab: Tab;
  #code: string;
  #token: string | undefined;
  /** What the host said last of what this tab had: each further try has less to show. */
  #refusal = NO_ADDRESS;

  constructor(tab: Tab) {
    this.#tab = tab;
    this.#code = codeOf(tab.location.hash);
    // Before anything is done with it, so that neither the bar nor the history keeps it.
    if (this.#code !== '') {
      tab.history.replaceState(null, '', `${tab.location.pathname}${tab.location.search}`);
    }
    tab.otherTabs?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (data === ASK && this.#token !== undefined) tab.otherTabs?.postMessage({ token: this.#token });
    });
  }

  /** The token, after letIn. */
  get token(): string {
    return this.#token ?? '';
  }

  /** @throws Error that tells people why the host lets this page in no more, or not now */
  async letIn(): Promise<string> {
    const code = this.#code;
    for (const key of [() => code, () => this.#stored(), () => this.#fromOtherTabs()]) {
      const secret = await key();
      if (secret === '') continue;
      const header = secret === code ? 'x-resetscope-code' : 'x-resetscope-token';
      const response = await this.#ask({ [header]: secret });
      this.#code = '';
      if (response.status === 401) this.#refusal = (await response.text()).trim();
      else return this.#takeAnswer(response);
    }
    this.#token = undefined;
    this.#store(undefined);
    throw new Error(this.#refusal);
  }

  async #ask(headers: Record<string, string>): Promise<Response> {
    try {
      return await this.#tab.fetch('/session', { method: 'POST', headers, cache: 'no-store' });
    } catch {
      throw new Error(NO_ANSWER);
    }
  }

  async #takeAnswer(response: Response): Promise<string> {
    if (!response.ok) throw new Error(`Resetscope answered with HTTP status ${response.status}.`);
    const answer: unknown = await response.json();
    const token = textIn(answer, 'token');
    if (token === undefined) throw new Error(NO_ANSWER);
    this.#token = token;
    this.#store(token);
    const full = textIn(answer, 'full');
    if (full !== undefined) throw new Error(full);
    return token;
  }

  #stored(): string {
    if (this.#token !== undefined) return this.#token;
    try {
      return this.#tab.storage().getItem(KEY) ?? '';
    } catch {
      return '';
    }
  }

  #store(token: string | undefined): void {
    try {
      if (token === undefined) this.#tab.storage().removeItem(KEY);
      else this.#tab.storage().setItem(KEY, token);
    } catch {
      // The tab then needs another address when it is loaded again.
    }
  }

  #fromOtherTabs(): Promise<string> {
    const { otherTabs } = this.#tab;
    if (otherTabs === undefined) return Promise.resolve('');
    return new Promise((resolve) => {
      const end = (token: string): void => {
        clearTimeout(timer);
        otherTabs.removeEventListener('message', listen);
        resolve(token);
      };
      const listen = ({ data }: MessageEvent<unknown>): void => {
        const told = textIn(data, 'token');
        if (told !== undefined) end(told);
      };
      const timer = setTimeout(() => {
        end('');
      }, OTHER_TABS_MS);
      otherTabs.addEventListener('message', listen);
      otherTabs.postMessage(ASK);
    });
  }
}

export const NO_ANSWER = 'Resetscope does not answer at this address. Is it still running?';
const NO_ADDRESS =
  'This address has no access code. Use the newest address that Resetscope printed in its terminal, with all of its end.';

function textIn(data: unknown, name: string): string | undefined {
  const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A fragment that is no code is a place (core/place.ts). It never leaves the browser, so the code is in no log and no referrer. */
export function codeOf(hash: string): string {
  return hash.startsWith('#code=') ? (new URLSearchParams(hash.slice(1)).get('code') ?? '') : '';
}
