/** What is known of the open capture. */
import type { OpenCapture, RecentFile } from '../../shared/contract/methods.ts';
import { EMPTY_PROGRESS } from '../../shared/model/capture.ts';
import type { CapturePhase, CaptureSummary, Overview, Progress } from '../../shared/model/capture.ts';
import type { EndingsReport } from '../../shared/model/failure.ts';
import type { JoinReport } from '../../shared/model/join.ts';
import type { LessonSummary } from '../../shared/model/lesson.ts';
import type { Sample } from '../../shared/model/sample.ts';
import type { UploadProgress } from '../platform/platform.ts';

/** `compare`: to be joined, by the user's word. `apart`: not to be joined. */
export type Together = 'compare' | 'apart';

export function togetherKey(paths: readonly string[]): string {
  return paths.join('\0');
}

export interface CaptureState {
  readonly progress: Progress;
  /** All that are open; empty where the host tells of none. */
  readonly captures: readonly OpenCapture[];
  /** The totals of the open capture; null until the first answer about it. */
  readonly summary: CaptureSummary | null;
  readonly overview: Overview | null;
  /** How the connections ended. */
  readonly endings: EndingsReport | null;
  /** What joining found; null where nothing of the capture was joined, or not yet. */
  readonly join: JoinReport | null;
  /** The phase that all of these were asked for in: those of before the end do not tell what was found at the end. */
  readonly countsPhase: CapturePhase;
  /** Names of joined captures by their capture points, by the number of the capture; −1 where the host gives none. */
  readonly caseNames: ReadonlyMap<number, string>;
  /** What the user asked of files that were opened together, by `togetherKey` of their paths. */
  readonly together: ReadonlyMap<string, Together>;
  /** Why the summary or overview could not be had. */
  readonly overviewError: string | null;
  readonly recent: readonly RecentFile[];
  readonly samples: readonly Sample[];
  readonly lessons: readonly LessonSummary[];
  /** What is being opened, from the user's choice until the engine takes over. */
  readonly opening: { readonly names: readonly string[]; readonly upload: UploadProgress | null } | null;
  /** Paths given to the engine last: what a retry opens again. */
  readonly openedPaths: readonly string[];
  /** Why the last open failed, and what to try again. */
  readonly openError: { readonly message: string; readonly paths: readonly string[] } | null;
}

export const CAPTURE_START: CaptureState = {
  progress: EMPTY_PROGRESS,
  captures: [],
  summary: null,
  overview: null,
  endings: null,
  join: null,
  countsPhase: 'empty',
  caseNames: new Map(),
  together: new Map(),
  overviewError: null,
  recent: [],
  samples: [],
  lessons: [],
  opening: null,
  openedPaths: [],
  openError: null,
};

/** What is forgotten when another capture is opened. */
export const CAPTURE_CLOSED: Pick<
  CaptureState,
  'summary' | 'overview' | 'endings' | 'join' | 'countsPhase' | 'overviewError'
> = {
  summary: null,
  overview: null,
  endings: null,
  join: null,
  countsPhase: 'empty',
  overviewError: null,
};
