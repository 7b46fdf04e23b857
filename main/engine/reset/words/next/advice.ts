/** What a cause's advice may look at, and what advice is. The files beside this one hold it by kinds of causes. */
import type { Cause, Obeyed, PathModel } from '../../../../../shared/model/verdict.ts';
import type { CauseCode } from '../../../../../shared/causes/list.ts';
import type { CauseContext } from '../../cause/context.ts';

export interface Situation {
  readonly c: CauseContext;
  readonly cause: Cause;
  readonly path: PathModel;
  readonly obeyed: Obeyed;
  readonly matters: boolean;
}

/**
 * What an expert would tell this person now: who must do what, with the command or the setting by name, and the numbers of this
 * case (address, port, time window, timer, bytes). One to three sentences; begins with "Nothing to do" where it is noise.
 * Null where the cause's general steps say as much.
 */
export type Advice = (s: Situation) => string | null;

/** Advice of some causes. */
export type AdviceTable = Partial<Record<CauseCode, Advice>>;
