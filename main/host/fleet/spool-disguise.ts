/** How the rows of a running capture are disguised: not at all, or under the key of the fleet. */
import { fileAlias } from '../../../shared/report/aliases.ts';
import { Anonymous } from '../../engine/fleet/anonymous.ts';
import { undisguised } from '../../engine/fleet/disguise.ts';
import type { Disguise } from '../../engine/fleet/fleet-row.ts';
import type { Session } from '../../engine/session.ts';
import { createCaseCipher } from '../anonymise/case-cipher.ts';
import { monotonicMs } from '../monotonic.ts';
import type { FleetKey } from './keys.ts';
import { namesOf } from './disguise-of.ts';
import type { SpoolFiles } from './spool-files.ts';

/** All flows are asked for their names, which takes some milliseconds, at most this often. */
const LOOK_MS = 250;
/** Names of flows that were let go of are kept up to here. */
const MOST_NAMES = 200_000;

export function spoolDisguise(
  session: Session,
  files: SpoolFiles,
  { key, isAnonymised }: { readonly key: FleetKey; readonly isAnonymised: boolean },
): Disguise {
  if (!isAnonymised) return undisguised((file) => files.nameOf(file));
  return new Anonymous(createCaseCipher(key.bytes), {
    alias: (file) => {
      const name = files.nameOf(file);
      return name === null ? null : fileAlias(name, file);
    },
    known: new Map(),
    names: new NamesSoFar(session),
  });
}

/** All names of a running capture, those of other connections too: looked up anew when a text is made and packets came since. */
class NamesSoFar {
  readonly #session: Session;
  #names = new Set<string>();
  #packets = -1;
  #lookedMs = -Infinity;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param name in small letters */
  has(name: string): boolean {
    const { packets } = this.#session;
    const nowMs = monotonicMs();
    if (packets.count !== this.#packets && nowMs - this.#lookedMs >= LOOK_MS) {
      this.#look();
      this.#packets = packets.count;
      this.#lookedMs = nowMs;
    }
    return this.#names.has(name);
  }

  #look(): void {
    if (this.#names.size > MOST_NAMES) this.#names = new Set();
    for (const name of namesOf(this.#session, this.#session.liveFlows())) this.#names.add(name);
  }
}
