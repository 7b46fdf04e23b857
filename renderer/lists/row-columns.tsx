/** Columns that the lists of resets, failures and connections have in common. */
import { MattersMark } from '../ui/matters-mark.tsx';
import type { Clock } from '../words/values.ts';
import { fullTimeText, TIME_NAMES, timeText, timeTitle } from '../words/values.ts';
import type { CellValue, Column } from './column.ts';
import { endValues } from './cell-values.ts';
import { NamedEnd } from '../names/named-end.tsx';
import { frameText } from '../words/frame-text.ts';

interface Matters {
  readonly matters: boolean;
}

interface Framed {
  readonly file: number;
  readonly frame: number;
  readonly timeNs: number;
}

interface Ended {
  readonly client: string;
  readonly server: string;
  readonly serverName: string;
  /** TCP where it is left out. */
  readonly protocol?: string;
}

/** @param hint what it says of a row that matters */
export function mattersColumn(about: string, hint: string): Column<Matters, 'importance'> {
  return {
    id: 'matters',
    title: '!',
    about,
    width: 26,
    rank: 0,
    sort: 'importance',
    cell: (row) =>
      row.matters ? (
        <>
          <MattersMark />
          <span className="visually-hidden">matters</span>
        </>
      ) : (
        <span className="visually-hidden">harmless</span>
      ),
    hint: (row) => (row.matters ? hint : 'Harmless'),
    text: (row) => (row.matters ? 'matters' : 'harmless'),
  };
}

/** px of a digit, and beside them. */
const DIGIT_PX = 7.6;
const BESIDE_DIGITS_PX = 10;

/** What the largest frame number takes, px. */
export function frameWidth(files: number, frames: number): number {
  const digits = String(Math.max(1000, frames)).length + (files > 1 ? String(files).length + 0.5 : 0);
  return Math.ceil(digits * DIGIT_PX + BESIDE_DIGITS_PX);
}

/** `File 2 (server), frame 14`. */
export function frameHint({ file, frame }: Omit<Framed, 'timeNs'>, files: readonly string[]): string {
  return files.length > 1 ? `File ${file + 1} (${files[file] ?? ''}), frame ${frame}` : `Frame ${frame}`;
}

/**
 * @param names of all files, as useFileNames has them
 * @param frames of all files
 */
export function frameColumn(names: readonly string[], frames: number): Column<Framed, 'frame'> {
  const files = names.length;
  return {
    id: 'frame',
    title: 'Frame',
    about: files > 1 ? 'File and number of the packet in it' : 'Number of the packet in its file',
    width: Math.max(48, frameWidth(files, frames)),
    // The last to go: who, where and why decide, the number finds it again.
    rank: 1,
    sort: 'frame',
    align: 'end',
    cell: (row) => (
      <>
        {files > 1 ? <span className="faint">{row.file + 1}:</span> : null}
        {row.frame}
      </>
    ),
    hint: (row) => frameHint(row, names),
    values: (row) => fileValues(row, names),
    text: (row) => frameText(row, files),
  };
}

export function timeColumn(clock: Clock, rank: number): Column<Framed, 'time'> {
  return {
    id: 'time',
    title: timeTitle(clock, 'Time'),
    about: TIME_NAMES[clock.style],
    width: 108,
    min: 92,
    rank,
    sort: 'time',
    align: 'end',
    cell: (row) => timeText(clock, row.timeNs),
    hint: (row) => fullTimeText(clock, row.timeNs),
    text: (row) => timeText(clock, row.timeNs),
  };
}

/** The file of a row as filters ask for it. */
function fileValues({ file }: Pick<Framed, 'file'>, names: readonly string[]): CellValue[] {
  if (names.length < 2) return [];
  return [{ field: 'capture.file', value: String(file), title: 'Captured at', text: names[file] ?? '' }];
}

/** @param names of all files, as useFileNames has them; no column where there is one only */
export function pointColumn<Sort extends string>(
  names: readonly string[],
  rank: number,
): Column<Pick<Framed, 'file'>, Sort>[] {
  if (names.length < 2) return [];
  const nameOf = ({ file }: Pick<Framed, 'file'>): string => names[file] ?? '';
  return [
    {
      id: 'point',
      title: 'Captured at',
      about: 'The capture point, or the file where captures are not joined',
      width: 96,
      min: 64,
      rank,
      cell: (row) => <span className="point-cell">{nameOf(row)}</span>,
      hint: (row) => `File ${row.file + 1}: ${nameOf(row)}`,
      values: (row) => fileValues(row, names),
      text: nameOf,
    },
  ];
}

/** What the longest IPv4 address takes with its port, px: a cut one may be any host of its network. */
const ENDPOINT_PX = 152;

export function clientColumn(rank = 0): Column<Ended, 'client'> {
  return {
    id: 'client',
    title: 'Client',
    width: 168,
    min: 100,
    whole: ENDPOINT_PX,
    grow: 1,
    rank,
    sort: 'client',
    cell: (row) => <NamedEnd end={row.client} />,
    hint: (row) => row.client,
    values: (row) => endValues(row.client, 'Client', row.protocol),
    text: (row) => row.client,
  };
}

export function serverColumn(rank = 0): Column<Ended, 'server'> {
  return {
    id: 'server',
    title: 'Server',
    width: 200,
    min: 112,
    whole: ENDPOINT_PX,
    grow: 1.5,
    rank,
    sort: 'server',
    cell: (row) => <NamedEnd end={row.server} name={row.serverName} />,
    hint: (row) => (row.serverName === '' ? row.server : `${row.serverName}, ${row.server}`),
    values: (row) => endValues(row.server, 'Server', row.protocol, row.serverName),
    text: (row) => row.server,
  };
}
