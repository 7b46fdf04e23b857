/** Columns that the lists of resets, failures and connections have in common. */
import { MattersMark } from '../ui/matters-mark.tsx';
import type { Clock } from '../words/values.ts';
import { fullTimeText, timeText, timeTitle } from '../words/values.ts';
import type { Column } from './column.ts';

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
}

/** @param hint what it says of a row that matters */
export function mattersColumn(about: string, hint: string): Column<Matters, 'importance'> {
  return {
    id: 'matters',
    title: '!',
    about,
    track: '26px',
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
  };
}

export function frameColumn(files: number): Column<Framed, 'frame'> {
  return {
    id: 'frame',
    title: 'Frame',
    track: files > 1 ? '78px' : '62px',
    sort: 'frame',
    align: 'end',
    cell: (row) => (
      <>
        {files > 1 ? <span className="faint">{row.file + 1}:</span> : null}
        {row.frame}
      </>
    ),
    hint: (row) => (files > 1 ? `File ${row.file + 1}, frame ${row.frame}` : `Frame ${row.frame}`),
  };
}

export function timeColumn(clock: Clock, minWidth: number): Column<Framed, 'time'> {
  return {
    id: 'time',
    title: timeTitle(clock, 'Time'),
    track: '108px',
    sort: 'time',
    align: 'end',
    minWidth,
    cell: (row) => timeText(clock, row.timeNs),
    hint: (row) => fullTimeText(clock, row.timeNs),
  };
}

export function clientColumn(track: string): Column<Ended, 'client'> {
  return {
    id: 'client',
    title: 'Client',
    track,
    sort: 'client',
    cell: (row) => <span className="mono">{row.client}</span>,
    hint: (row) => row.client,
  };
}

export function serverColumn(track: string): Column<Ended, 'server'> {
  return {
    id: 'server',
    title: 'Server',
    track,
    sort: 'server',
    cell: (row) =>
      row.serverName === '' ? (
        <span className="mono">{row.server}</span>
      ) : (
        <>
          <span>{row.serverName}</span> <span className="mono faint">{row.server}</span>
        </>
      ),
    hint: (row) => (row.serverName === '' ? row.server : `${row.serverName}, ${row.server}`),
  };
}
