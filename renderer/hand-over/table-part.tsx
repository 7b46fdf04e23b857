/** What the lists show, as a table for other programs. */
import { useState } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import { sanitiseText, upperFirst } from '../../shared/format/text.ts';
import { TABLES, type TableCounts, type TableFormat, type TableName } from '../../shared/model/table.ts';
import { listOf } from '../core/hand-over-actions.ts';
import { useAppState } from '../core/app-context.ts';
import { queryOf } from '../state/lists-slice.ts';
import type { FilteredList, ListsState } from '../state/lists-slice.ts';
import { Switch } from '../ui/choice.tsx';
import { ExportRun } from './export-run.tsx';
import { Radios } from './radios.tsx';
import { useExport } from './use-export.ts';

const MAX_FILTER = 120;
const FORMATS: readonly { readonly value: TableFormat; readonly text: string }[] = [
  { value: 'csv', text: 'CSV, for spreadsheets' },
  { value: 'json', text: 'JSON' },
  { value: 'ndjson', text: 'NDJSON, one row a line' },
  { value: 'parquet', text: 'Parquet, with typed columns' },
];
/** The list that shows what a table has. */
const LISTS: Readonly<Record<TableName, FilteredList>> = {
  resets: 'resets',
  findings: 'resets',
  failures: 'failures',
  flows: 'flows',
  endpoints: 'addresses',
  packets: 'packets',
};

function filterOf(state: ListsState, table: TableName): string {
  return queryOf(state, LISTS[table]).filter.trim();
}

export function TablePart() {
  const shown = useAppState(listOf);
  const [table, setTable] = useState<TableName>(
    TABLES.find((one) => one === shown || LISTS[one] === shown) ?? 'resets',
  );
  const [format, setFormat] = useState<TableFormat>('csv');
  const [isNarrowed, setIsNarrowed] = useState(true);
  const filter = useAppState((state) => filterOf(state, table));
  const wanted = isNarrowed ? filter : '';
  const { state, start, cancel } = useExport(`${table} ${format} ${wanted}`);
  return (
    <div className="hand-over-columns">
      <div className="hand-over-options">
        <label className="option">
          <span>Table</span>
          <select
            className="select"
            value={table}
            onChange={(event) => {
              const next = TABLES.find((one) => one === event.target.value) ?? 'resets';
              setTable(next);
              if (format === 'zeek' && next !== 'flows') setFormat('csv');
            }}
          >
            {TABLES.map((one) => (
              <option key={one} value={one}>
                {upperFirst(one)}
              </option>
            ))}
          </select>
        </label>
        <Radios
          label="As"
          value={format}
          options={[
            ...FORMATS,
            ...(table === 'flows' ? [{ value: 'zeek' as const, text: 'Zeek’s conn.log' }] : []),
          ]}
          onChange={setFormat}
        />
        {filter === '' ? (
          <p className="field-hint">This list has no filter: all rows are written.</p>
        ) : (
          <Switch
            label="Only what passes the filter"
            about={sanitiseText(filter, MAX_FILTER)}
            checked={isNarrowed}
            onChange={setIsNarrowed}
          />
        )}
      </div>
      <section className="hand-over-work" aria-label="Table">
        <p>Addresses and names are written as they are.</p>
        <ExportRun
          state={state}
          label="Make the table"
          onStart={() => {
            start({ subject: { kind: 'table', table, format, filter: wanted }, anonymise: false, notes: [] });
          }}
          onCancel={cancel}
          told={({ rows }) => (rows === null ? null : <Told rows={rows} />)}
        />
      </section>
    </div>
  );
}

function Told({ rows: { written, leftOut, gone } }: { readonly rows: TableCounts }) {
  return (
    <>
      <p>
        <b>{plural(written, 'row')} written.</b>
        {leftOut > 0 ? ` The filter left out ${countText(leftOut)}.` : ''}
      </p>
      {gone > 0 ? (
        <p className="tone-warn">
          {plural(gone, 'row')} more {gone === 1 ? 'is' : 'are'} counted but not kept one by one.
        </p>
      ) : null}
    </>
  );
}
