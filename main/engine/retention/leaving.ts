/**
 * What an endless capture lets go of is told to whoever keeps it elsewhere, such as the tables of a fleet: each flow and each reset
 * once, when nothing about it changes any more, and while everything that it is told from is still there.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { ResetAccount } from '../../../shared/model/capture.ts';
import type { ToldEnding } from '../endings/book.ts';

export interface LeavingWatcher {
  /** A flow is let go of. @param ended undefined where nobody can tell an end of it */
  flow(flow: FlowRecord, ended: ToldEnding | undefined): void;
  /** A verdict is final. */
  reset(account: ResetAccount): void;
  /** So many resets were counted and will have no verdict, for nobody had the time to judge them. */
  unjudged(resets: number): void;
}
