/**
 * Which hosts and times are in the answer, and which are missing: the sentence always, hosts and times below it when asked for. What is
 * not known is never shown as nothing.
 */
import { ChevronDown, CircleCheck, TriangleAlert } from 'lucide-react';
import { useId, useState } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FleetCoverage, FleetSummary, HostCoverage } from '../../../shared/model/fleet.ts';
import { useAppState } from '../../core/app-context.ts';
import { Fold } from '../../ui/fold.tsx';
import { hostText, lastedText, tableSentence, tableText, utcText } from '../../words/fleet-text.ts';
import { coverageTroubles, gapText } from './coverage-model.ts';

/** Hosts that are drawn at first. */
const SHOWN = 40;
/** Gaps of one host that are drawn: more could not be told apart. */
const MOST_GAPS = 200;

interface CoverageBarProps {
  readonly coverage: FleetCoverage;
  readonly summary: FleetSummary;
}

export function CoverageBar({ coverage, summary }: CoverageBarProps) {
  const [isOpen, setIsOpen] = useState(false);
  const panel = useId();
  const troubles = coverageTroubles(coverage);
  const isWhole = troubles.length === 0;
  return (
    <section className={`fleet-coverage ${isWhole ? 'is-whole' : 'is-partial'}`} aria-label="Coverage">
      <button
        type="button"
        className="fleet-coverage-line"
        aria-expanded={isOpen}
        aria-controls={panel}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        {isWhole ? (
          <CircleCheck size={15} aria-hidden="true" />
        ) : (
          <TriangleAlert size={15} aria-hidden="true" />
        )}
        <span className="fleet-coverage-text" aria-live="polite">
          {tableSentence(coverage.sentence)}
        </span>
        <span className="fleet-coverage-more">Coverage</span>
        <ChevronDown size={14} className="fleet-chevron" aria-hidden="true" />
      </button>
      <div id={panel} hidden={!isOpen} className="fleet-coverage-panel">
        {isOpen ? <Panel coverage={coverage} summary={summary} /> : null}
      </div>
    </section>
  );
}

function Panel({ coverage, summary }: CoverageBarProps) {
  const [isAll, setIsAll] = useState(false);
  const { hosts, moreHosts, missing, shards } = coverage;
  const troubles = coverageTroubles(coverage);
  const shown = isAll ? hosts : hosts.slice(0, SHOWN);
  return (
    <>
      {missing.length === 0 && shards.answered === shards.total ? null : (
        <ul className="fleet-missing" aria-label="Missing">
          {shards.answered === shards.total ? null : (
            <li>
              <b>
                {shards.answered} of {plural(shards.total, 'shard')} answered
              </b>
            </li>
          )}
          {missing.map(({ kind, name, why }, at) => (
            <li key={`${kind} ${name} ${at}`}>
              <b>
                {MISSING[kind]} <span className="mono">{tableText(name)}</span>
              </b>
              : {tableSentence(why)}
            </li>
          ))}
        </ul>
      )}
      {hosts.length === 0 ? (
        <p className="faint">No host is in this answer.</p>
      ) : (
        <HostStrips hosts={shown} summary={summary} />
      )}
      {hosts.length > SHOWN ? (
        <Fold isOpen={isAll} onChange={setIsAll}>
          {isAll ? 'Show fewer hosts' : `Show ${plural(hosts.length - SHOWN, 'more host')}`}
        </Fold>
      ) : null}
      {moreHosts > 0 ? (
        <p className="faint">{countText(moreHosts)} more hosts are in it and not listed here.</p>
      ) : null}
      {troubles.length === 0 ? null : (
        <dl className="fleet-cures">
          {troubles.map(({ what, cure }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{cure}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

const MISSING: Readonly<Record<FleetCoverage['missing'][number]['kind'], string>> = {
  shard: 'Shard',
  file: 'File',
  host: 'Host',
};

function HostStrips({
  hosts,
  summary,
}: {
  readonly hosts: readonly HostCoverage[];
  readonly summary: FleetSummary;
}) {
  const scope = useAppState((state) => state.fleetScope);
  const fromMs = scope.fromMs ?? summary.fromMs ?? Math.min(...hosts.map((host) => host.fromMs));
  const toMs = scope.toMs ?? summary.toMs ?? Math.max(...hosts.map((host) => host.toMs));
  return (
    <div className="fleet-hosts">
      <p className="fleet-hosts-key faint">
        <span className="fleet-key is-covered" /> captured <span className="fleet-key is-lossy" /> with losses{' '}
        <span className="fleet-key is-gap" /> nothing captured or brought
        <span className="spring" />
        <span className="num">
          {utcText(fromMs)} – {utcText(toMs)} UTC
        </span>
      </p>
      <ul>
        {hosts.map((host, at) => (
          <HostStrip
            key={`${host.site} ${host.host} ${host.interface ?? ''} ${at}`}
            host={host}
            fromMs={fromMs}
            toMs={toMs}
          />
        ))}
      </ul>
    </div>
  );
}

interface HostStripProps {
  readonly host: HostCoverage;
  readonly fromMs: number;
  readonly toMs: number;
}

function HostStrip({ host, fromMs, toMs }: HostStripProps) {
  const span = Math.max(1, toMs - fromMs);
  const share = (ms: number): number => Math.max(0, Math.min(100, ((ms - fromMs) / span) * 100));
  const left = share(host.fromMs);
  const isLossy = (host.lost ?? 0) > 0 || host.spoolLostFiles > 0;
  const gaps = host.gaps.filter((gap) => gap.toMs > fromMs && gap.fromMs < toMs).slice(0, MOST_GAPS);
  return (
    <li className="fleet-host">
      <span className="fleet-host-name" title={tableText(host.site)}>
        <b>{hostText(host)}</b> <span className="faint">{tableText(host.site)}</span>
      </span>
      <span className="fleet-strip" role="img" aria-label={stripText(host)}>
        <span
          className={`fleet-covered ${isLossy ? 'is-lossy' : ''}`}
          style={{ left: `${left}%`, width: `${Math.max(0.4, share(host.toMs) - left)}%` }}
        />
        {gaps.map((gap) => (
          <span
            key={gap.fromMs}
            className="fleet-gap"
            title={gapText(gap)}
            style={{
              left: `${share(gap.fromMs)}%`,
              width: `${Math.max(0.4, share(gap.toMs) - share(gap.fromMs))}%`,
            }}
          />
        ))}
      </span>
      <span className="fleet-host-facts">
        <HostFacts host={host} />
      </span>
    </li>
  );
}

function HostFacts({ host }: { readonly host: HostCoverage }) {
  const { lost, spoolLostFiles, gaps, clockBoundSeconds } = host;
  return (
    <>
      {gaps.length === 0 ? null : <span className="chip tone-warn">{plural(gaps.length, 'gap')}</span>}
      {lost === null ? (
        <span className="chip">losses not counted</span>
      ) : lost > 0 ? (
        <span className="chip tone-warn">{countText(lost)} lost</span>
      ) : null}
      {spoolLostFiles > 0 ? (
        <span className="chip tone-bad">{plural(spoolLostFiles, 'file')} let go</span>
      ) : null}
      {clockBoundSeconds === null ? (
        <span className="chip">clock not known</span>
      ) : (
        <span className="faint num">clock ±{lastedText(clockBoundSeconds * 1000)}</span>
      )}
    </>
  );
}

/** The strip in words. */
function stripText(host: HostCoverage): string {
  const parts = [
    `captured from ${utcText(host.fromMs)} to ${utcText(host.toMs)} UTC`,
    ...host.gaps.slice(0, 5).map(gapText),
    ...(host.gaps.length > 5 ? [`${host.gaps.length - 5} more gaps`] : []),
  ];
  return parts.join('; ');
}
