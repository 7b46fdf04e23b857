/** What was read of every file, and what could not be. */
import { FileCheck2, FileWarning } from 'lucide-react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { dateAndTime } from '../../../shared/format/time.ts';
import type { FileSummary } from '../../../shared/model/capture.ts';
import type { ReadWarning } from '../../../shared/model/warning.ts';
import { useAppState } from '../../core/app-context.ts';
import { Skeleton } from '../../ui/late.tsx';
import { fileName, pathAsText } from '../../words/file-text.ts';
import { nanosText, UNKNOWN } from '../../words/values.ts';

export function WarningsView() {
  const summary = useAppState((state) => state.summary);
  return (
    <div className="files" data-pane tabIndex={0} role="region" aria-label="Files and warnings">
      <div className="files-inner">
        <h2 className="view-title">Files and warnings</h2>
        {summary === null ? (
          <Skeleton lines={5} label="Files are being read" />
        ) : (
          summary.files.map((file, i) => (
            <FileCard key={file.path} file={file} number={summary.files.length > 1 ? i + 1 : null} />
          ))
        )}
      </div>
    </div>
  );
}

interface FileCardProps {
  readonly file: FileSummary;
  /** Which the lists write in front of its frames; null where it is the only file. */
  readonly number: number | null;
}

function FileCard({ file, number }: FileCardProps) {
  const style = useAppState((state) => state.timeStyle);
  const count = file.warnings.length + file.moreWarnings;
  const Icon = count === 0 ? FileCheck2 : FileWarning;
  return (
    <section className="card card-flush file" aria-label={fileName(file.path)}>
      <header className={`file-head tone-${count === 0 ? 'good' : 'warn'}`}>
        <Icon size={20} strokeWidth={1.6} aria-hidden="true" />
        <div className="file-names">
          <h3 title={pathAsText(file.path)}>
            {number === null ? null : (
              <span className="faint num" title={`Lists write its frames as ${number}:1, ${number}:2 …`}>
                {number}:{' '}
              </span>
            )}
            {fileName(file.path)}
          </h3>
          <span className="file-path" title={pathAsText(file.path)}>
            {pathAsText(file.path)}
          </span>
        </div>
        <span className={`chip tone-${count === 0 ? 'good' : 'warn'}`}>
          {count === 0 ? 'Read without a warning' : plural(count, 'warning')}
        </span>
      </header>
      <dl className="file-facts">
        <Fact title="Format" value={file.format} />
        <Fact title="Link types" value={file.linkTypes.join(', ') || UNKNOWN} />
        <Fact title="Packets" value={countText(file.packets)} />
        <Fact title="Read" value={bytesText(file.bytes)} />
        <Fact title="First packet" value={dateText(file.first, style === 'local')} hint={file.first} />
        <Fact title="Last packet" value={dateText(file.last, style === 'local')} hint={file.last} />
        <Fact title="Time" value={spanText(file)} />
      </dl>
      {file.warnings.length === 0 ? null : <Warnings file={file} />}
    </section>
  );
}

function dateText(iso: string | null, isLocal: boolean): string {
  return iso === null ? UNKNOWN : dateAndTime(iso, isLocal);
}

function spanText({ first, last }: FileSummary): string {
  if (first === null || last === null) return UNKNOWN;
  const milliseconds = Date.parse(last) - Date.parse(first);
  return Number.isNaN(milliseconds) ? UNKNOWN : nanosText(milliseconds * 1e6);
}

interface FactProps {
  readonly title: string;
  readonly value: string;
  /** All digits, where the value has fewer. */
  readonly hint?: string | null;
}

function Fact({ title, value, hint }: FactProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd title={hint ?? value}>{value}</dd>
    </div>
  );
}

function Warnings({ file }: { readonly file: FileSummary }) {
  return (
    <div
      className="warning-scroll"
      tabIndex={0}
      role="region"
      aria-label={`Warnings of ${fileName(file.path)}`}
    >
      <table className="table warnings">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Message</th>
            <th scope="col" className="align-end">
              Byte
            </th>
            <th scope="col" className="align-end">
              Packet
            </th>
            <th scope="col">Kept</th>
          </tr>
        </thead>
        <tbody>
          {file.warnings.map((warning, index) => (
            <WarningRow key={index} warning={warning} />
          ))}
        </tbody>
      </table>
      {file.moreWarnings > 0 ? (
        <p className="warning-more">{countText(file.moreWarnings)} more of the same kinds.</p>
      ) : null}
    </div>
  );
}

function WarningRow({ warning }: { readonly warning: ReadWarning }) {
  return (
    <tr>
      <td>
        <code>{warning.code}</code>
      </td>
      <td className="warning-message">{warning.message}</td>
      <td className="align-end num">{warning.offset === undefined ? UNKNOWN : countText(warning.offset)}</td>
      <td className="align-end num">{warning.packet === undefined ? UNKNOWN : countText(warning.packet)}</td>
      <td>
        <span className={`chip tone-${warning.lossy ? 'warn' : 'plain'}`}>
          {warning.lossy ? 'something lost' : 'all'}
        </span>
      </td>
    </tr>
  );
}
