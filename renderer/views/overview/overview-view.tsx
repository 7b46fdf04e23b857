/** The capture at a glance: what happened, when, who, why. */
import { CircleAlert, Network, Radar } from 'lucide-react';
import type { CaptureSummary, Overview } from '../../../shared/model/capture.ts';
import type { EndingsReport } from '../../../shared/model/failure.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { ListTimeline } from '../../timeline/list-timeline.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import { CapturePoints } from './capture-points.tsx';
import { CauseBars } from './cause-bars.tsx';
import { EndingsBar } from './endings-bar.tsx';
import { FindingTable } from './finding-table.tsx';
import { HeadlineBlock } from './headline-block.tsx';
import { IcmpTable } from './icmp-table.tsx';
import { OriginBar } from './origin-bar.tsx';
import { ResetsOverTime } from './resets-over-time.tsx';

export function OverviewView() {
  const summary = useAppState((state) => state.summary);
  const overview = useAppState((state) => state.overview);
  const endings = useAppState((state) => state.endings);
  const error = useAppState((state) => state.overviewError);
  if (summary === null || overview === null || endings === null) {
    return error === null ? (
      <div className="overview is-waiting">
        <Skeleton lines={6} label="The overview is being made" />
      </div>
    ) : (
      <Empty icon={<CircleAlert size={30} strokeWidth={1.4} />} title="No overview" tone="bad">
        {error}
      </Empty>
    );
  }
  return (
    <div className="overview" data-pane>
      <ListTimeline />
      <div className="overview-inner">
        <Numbers summary={summary} overview={overview} endings={endings} />
        <Story summary={summary} overview={overview} endings={endings} />
        {overview.icmpErrors.total > 0 ? <IcmpTable errors={overview.icmpErrors} /> : null}
      </div>
    </div>
  );
}

interface Told {
  readonly summary: CaptureSummary;
  readonly overview: Overview;
  readonly endings: EndingsReport;
}

function Story({ summary, overview, endings }: Told) {
  const phase = useAppState((state) => state.progress.phase);
  const isNarrowed = useAppState((state) => state.range !== null);
  const isQuiet = summary.resets === 0 && endings.failures === 0;
  if (isQuiet && (phase === 'reading' || endings.connections === 0))
    return (
      <>
        <Quiet summary={summary} />
        <CapturePoints summary={summary} />
      </>
    );
  return (
    <>
      <HeadlineBlock summary={summary} overview={overview} endings={endings} />
      <CapturePoints summary={summary} />
      <section className="card" aria-labelledby="endings">
        <h2 id="endings">
          How connections ended{' '}
          <small className="faint">
            {plural(endings.connections, 'connection')}
            {isNarrowed ? ' of the whole capture' : ''}
          </small>
        </h2>
        <EndingsBar endings={endings} />
      </section>
      {isQuiet ? null : (
        <section className="card card-flush" aria-labelledby="findings">
          <h2 id="findings">
            Findings{' '}
            <small className="faint">
              {isNarrowed
                ? 'of resets in the chosen time; failures of the whole capture'
                : 'one row for each sender or failure, and its cause'}
            </small>
          </h2>
          <FindingTable findings={overview.findings} endings={endings} />
        </section>
      )}
      {summary.resets === 0 ? null : <Resets overview={overview} />}
    </>
  );
}

function Resets({ overview }: Pick<Told, 'overview'>) {
  return (
    <>
      <section className="card" aria-labelledby="over-time">
        <h2 id="over-time">Resets over time</h2>
        <ResetsOverTime overview={overview} />
      </section>
      <div className="overview-pair">
        <section className="card" aria-labelledby="by-origin">
          <h2 id="by-origin">Who sent them</h2>
          <OriginBar byOrigin={overview.byOrigin} />
        </section>
        <section className="card" aria-labelledby="by-cause">
          <h2 id="by-cause">Why</h2>
          <CauseBars byCause={overview.byCause} />
        </section>
      </div>
    </>
  );
}

/** Whether what is told is not yet all that the capture holds: it is read, or was asked for before the end. */
function useIsUnfinished(): boolean {
  return useAppState(
    ({ progress: { phase }, countsPhase }) =>
      phase === 'reading' || phase === 'joining' || phase !== countsPhase,
  );
}

function Numbers({ summary, overview, endings }: Told) {
  const isUnfinished = useIsUnfinished();
  const isNarrowed = useAppState((state) => state.range !== null);
  const numbers: readonly (readonly [string, string, string?])[] = [
    ['Packets', countText(summary.packets), `${countText(summary.tcpPackets)} of them TCP`],
    ['Flows', countText(summary.flows), `${countText(summary.tcpFlows)} of them TCP`],
    ['Resets', countText(summary.resets)],
    ['Matter', countText(summary.resetsThatMatter), 'Resets that ended work that was not finished'],
    ['Failures', countText(endings.failures), 'Connections that failed without a reset'],
    // Origins are counted of the chosen time; "Who sent them" says so below.
    ...(isNarrowed
      ? []
      : [
          [
            ORIGIN.middlebox.name,
            countText(overview.byOrigin.middlebox),
            'They were made in the name of a host',
          ] as const,
        ]),
    ['Time', summary.packets === 0 ? '–' : durationText(summary.lastNs - summary.firstNs)],
  ];
  const dropped = summary.dropped ?? 0;
  return (
    <>
      {isNarrowed ? (
        <p className="numbers-scope">Numbers of the whole capture, not of the chosen time:</p>
      ) : null}
      <dl className="numbers" aria-busy={isUnfinished}>
        {numbers.map(([title, value, about]) => (
          <div key={title} className="number" title={about}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {dropped > 0 ? (
          <div
            className="number tone-warn"
            title="The capturing machine lost them: what is missing weakens verdicts"
          >
            <dt>Lost by capture</dt>
            <dd>{countText(dropped)}</dd>
          </div>
        ) : null}
      </dl>
    </>
  );
}

/** Where there is no reset, no failure, and no connection to tell of, or not yet. */
function Quiet({ summary }: Pick<Told, 'summary'>) {
  const { actions } = useApp();
  const phase = useAppState((state) => state.progress.phase);
  const isUnfinished = useIsUnfinished();
  if (phase === 'following') {
    return (
      <Empty icon={<Radar size={30} strokeWidth={1.4} />} title="Nothing failed so far">
        {plural(summary.tcpPackets, 'TCP packet')} in {plural(summary.tcpFlows, 'connection')} came. Resets
        and failures show up here as they come.
      </Empty>
    );
  }
  if (isUnfinished) {
    return (
      <Empty icon={<Network size={30} strokeWidth={1.4} />} title="Nothing failed so far">
        {phase === 'joining' ? 'The captures are being joined.' : 'Still reading.'}
      </Empty>
    );
  }
  return (
    <Empty
      icon={<Network size={30} strokeWidth={1.4} />}
      title={summary.packets === 0 ? 'This capture has no packets' : 'There is no TCP in this capture'}
      actions={
        <Button
          onClick={() => {
            actions.go('warnings');
          }}
        >
          What was read
        </Button>
      }
    >
      {summary.packets === 0
        ? 'The file was read to its end. The files view says what was in it.'
        : `${plural(summary.packets, 'packet')} in ${plural(summary.flows, 'flow')} were read, none of them TCP. Check the capture filter and the interface.`}
    </Empty>
  );
}
