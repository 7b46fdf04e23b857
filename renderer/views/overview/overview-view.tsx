/** The capture at a glance: what happened, when, who, why. */
import { CircleCheck, CircleAlert, Network, Radar } from 'lucide-react';
import type { CaptureSummary, Overview } from '../../../shared/model/capture.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { ORIGIN } from '../../words/origin.ts';
import { CauseBars } from './cause-bars.tsx';
import { FindingTable } from './finding-table.tsx';
import { HeadlineBlock } from './headline-block.tsx';
import { IcmpTable } from './icmp-table.tsx';
import { OriginBar } from './origin-bar.tsx';
import { ResetsOverTime } from './resets-over-time.tsx';

export function OverviewView() {
  const summary = useAppState((state) => state.summary);
  const overview = useAppState((state) => state.overview);
  const error = useAppState((state) => state.overviewError);
  if (summary === null || overview === null) {
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
      <div className="overview-inner">
        <Numbers summary={summary} overview={overview} />
        {summary.resets === 0 ? (
          <NoResets summary={summary} />
        ) : (
          <Resets summary={summary} overview={overview} />
        )}
        {overview.icmpErrors.total > 0 ? <IcmpTable errors={overview.icmpErrors} /> : null}
      </div>
    </div>
  );
}

function Resets({ summary, overview }: { readonly summary: CaptureSummary; readonly overview: Overview }) {
  return (
    <>
      <HeadlineBlock summary={summary} overview={overview} />
      <section className="card card-flush" aria-labelledby="findings">
        <h2 id="findings">
          Findings <small className="faint">same origin, cause and server</small>
        </h2>
        <FindingTable findings={overview.findings} />
      </section>
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

function Numbers({ summary, overview }: { readonly summary: CaptureSummary; readonly overview: Overview }) {
  const numbers: readonly (readonly [string, string, string?])[] = [
    ['Packets', countText(summary.packets), `${countText(summary.tcpPackets)} of them TCP`],
    ['Flows', countText(summary.flows), `${countText(summary.tcpFlows)} of them TCP`],
    ['Resets', countText(summary.resets)],
    ['Matter', countText(summary.resetsThatMatter), 'They ended work that was not finished'],
    [ORIGIN.middlebox.name, countText(overview.byOrigin.middlebox), 'They were made in the name of a host'],
    ['Time', summary.packets === 0 ? '–' : durationText(summary.lastNs - summary.firstNs)],
  ];
  const dropped = summary.dropped ?? 0;
  return (
    <dl className="numbers">
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
  );
}

function NoResets({ summary }: { readonly summary: CaptureSummary }) {
  const { actions } = useApp();
  const phase = useAppState((state) => state.progress.phase);
  if (phase === 'following') {
    return (
      <Empty icon={<Radar size={30} strokeWidth={1.4} />} title="No reset so far">
        {plural(summary.tcpPackets, 'TCP packet')} in {plural(summary.tcpFlows, 'connection')} came, and none
        carries the RST flag. Resets show up here as they come.
      </Empty>
    );
  }
  if (phase === 'reading') {
    return (
      <Empty icon={<Network size={30} strokeWidth={1.4} />} title="No reset so far">
        Still reading.
      </Empty>
    );
  }
  if (summary.tcpPackets === 0) {
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
  return (
    <Empty
      icon={<CircleCheck size={32} strokeWidth={1.4} />}
      tone="good"
      title="No resets in this capture"
      actions={
        <Button
          onClick={() => {
            actions.go('flows');
          }}
        >
          Look at the flows
        </Button>
      }
    >
      Good news, as far as it reaches: {plural(summary.tcpPackets, 'TCP packet')} in{' '}
      {plural(summary.tcpFlows, 'connection')} were checked, and none carries the RST flag.
    </Empty>
  );
}
