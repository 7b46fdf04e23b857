/**
 * The file of a case: what the user keeps of one capture, whatever the capture's file is called. Versioned: older ones are migrated
 * step by step, newer ones and damaged ones are refused with a reason, and whoever refused one must not write over it.
 */
import * as v from 'valibot';
import { err, ok, type Result } from '../base/result.ts';
import { errorText } from '../format/error.ts';
import { identity } from './identity.ts';
import { entry, NOTE_BOUNDS } from './note.ts';

export const CASE_FORMAT = 'resetscope-case';
/** Of the files that are written. */
export const CASE_VERSION = 1;

export const caseFile = v.strictObject({
  format: v.literal(CASE_FORMAT),
  version: v.literal(CASE_VERSION),
  capture: identity,
  /** Names that files of the capture had, newest first: for people who look into the folder. */
  names: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(NOTE_BOUNDS.nameLength))),
    v.maxLength(NOTE_BOUNDS.names),
  ),
  entries: v.pipe(v.array(entry), v.maxLength(NOTE_BOUNDS.entries + NOTE_BOUNDS.removed)),
});
export type CaseFile = v.InferOutput<typeof caseFile>;

/** Turns a file of one version into one of the next. */
export type Migration = (old: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/** By the version that they turn into the next one. Version 1 is the first that was released. */
export const MIGRATIONS: ReadonlyMap<number, Migration> = new Map();

export interface CaseError {
  /** `newer`: a later version of the program wrote it. */
  readonly why: 'damaged' | 'newer';
  /** What is wrong and where, for people; without the path. */
  readonly message: string;
}

const versioned = v.looseObject({
  format: v.literal(CASE_FORMAT),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

/** @param current and migrations differ in tests */
export function parseCase(
  text: string,
  migrations: ReadonlyMap<number, Migration> = MIGRATIONS,
): Result<CaseFile, CaseError> {
  if (text.length > NOTE_BOUNDS.fileLength) {
    return damaged(`it has more than ${NOTE_BOUNDS.fileLength} characters`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return damaged(`it is no JSON: ${errorText(error)}`);
  }
  const head = v.safeParse(versioned, json);
  if (!head.success) return damaged(issueText(head.issues[0]));
  let file: Readonly<Record<string, unknown>> = head.output;
  const { version } = head.output;
  if (version > CASE_VERSION) {
    const message = `it is of version ${version}, and this program reads up to version ${CASE_VERSION}: a newer Resetscope wrote it`;
    return err({ why: 'newer', message });
  }
  for (let from = version; from < CASE_VERSION; from++) {
    const migrate = migrations.get(from);
    if (migrate === undefined) return damaged(`there is no version ${from}`);
    file = { ...migrate(file), version: from + 1 };
  }
  const parsed = v.safeParse(caseFile, file);
  if (!parsed.success) return damaged(issueText(parsed.issues[0]));
  const ids = new Set(parsed.output.entries.map(({ id }) => id));
  if (ids.size < parsed.output.entries.length) return damaged('two entries have the same id');
  return ok(parsed.output);
}

export function caseText(file: CaseFile): string {
  return `${JSON.stringify(file, undefined, 1)}\n`;
}

function damaged(message: string): Result<never, CaseError> {
  return err({ why: 'damaged', message });
}

function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
