/**
 * How a browser comes by the token. Addresses are seen by others: in the list of processes, in the address bar, in the
 * browser's history. So an address holds a code that is good for one exchange only, in its fragment, which no request
 * carries; our page exchanges it for the token, keeps that in its own storage, and takes the code off the address. A code that
 * was used tells nobody anything.
 *
 * The token is no cookie: cookies go to every port of this machine, where other people's programs listen.
 */
import { randomBytes } from 'node:crypto';
import { isSecret } from './auth.ts';

/** Codes that wait to be used, the newest ones: one on the terminal, one in the file for the browser, and some to spare. */
const MAX_CODES = 16;

export class TokenExchange {
  readonly token: string;
  readonly #codes: string[] = [];
  readonly #used: (code: string) => void;

  /** @param used told of each code when it has been exchanged */
  constructor(token: string, used: (code: string) => void) {
    this.token = token;
    this.#used = used;
  }

  /** A new code, unless one is given that somebody has told already. */
  makeCode(code = randomBytes(32).toString('base64url')): string {
    this.#codes.push(code);
    this.#codes.splice(0, this.#codes.length - MAX_CODES);
    return code;
  }

  /** It was not used, and shall not be. */
  revoke(code: string): void {
    const at = this.#codes.indexOf(code);
    if (at >= 0) this.#codes.splice(at, 1);
  }

  /** The token for a code; undefined for whatever is none, or is none any more. */
  redeem(offered: string | undefined): string | undefined {
    const at = this.#codes.findIndex((code) => isSecret(offered, code));
    if (at < 0) return undefined;
    const [code] = this.#codes.splice(at, 1);
    this.#used(code);
    return this.token;
  }

  isToken(offered: string | undefined): boolean {
    return isSecret(offered, this.token);
  }
}
