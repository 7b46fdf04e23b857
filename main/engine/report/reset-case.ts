/** One reset at full length. */
import { causeOf } from '../../../shared/causes/list.ts';
import { bytesText } from '../../../shared/format/bytes.ts';
import { plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { lowerFirst, sanitiseText, upperFirst } from '../../../shared/format/text.ts';
import { dateAndTime, isoTime } from '../../../shared/format/time.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { JoinReport } from '../../../shared/model/join.ts';
import type { PacketDetail } from '../../../shared/model/packet-detail.ts';
import type { ReportCase, ReportEvidence, ReportPath, ReportTerm } from '../../../shared/model/report.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import type { SocketOwner } from '../../../shared/model/witness.ts';
import { deviceKey } from '../../../shared/names/name-key.ts';
import { resetCommands } from '../../../shared/texts/commands.ts';
import { causeWord } from '../../../shared/texts/confidence.ts';
import { makerPlace, makerWord, placeBasis } from '../../../shared/texts/maker-text.ts';
import { addressOf } from '../../../shared/texts/named-text.ts';
import {
  FAMILY_TEXT,
  obeyedText,
  oddsText,
  otherSide,
  percentText,
  sureText,
  unacknowledgedText,
} from '../../../shared/texts/origin.ts';
import { captureText, pathText } from '../../../shared/texts/path-text.ts';
import { weightText } from '../../../shared/texts/weight.ts';
import { reportBytes } from './bytes.ts';
import { reportPackets } from './ladder.ts';
import { refutations } from './refute.ts';

export function resetCase(
  detail: ResetDetail,
  packet: PacketDetail | undefined,
  join: JoinReport | null,
  epochNs: bigint,
): ReportCase {
  const { row, verdict } = detail;
  const evidence = [...detail.evidence].sort((a, b) => b.weight - a.weight);
  const restsOn = new Set(evidence.flatMap(({ packets }) => packets));
  return {
    file: row.file,
    frame: row.frame,
    title: `${row.client} → ${row.server}`,
    client: row.client,
    server: row.server,
    serverName: row.serverName,
    what: [verdict.summary, verdict.story].filter((text) => text !== ''),
    facts: facts(detail, epochNs),
    path: path(detail, join),
    failure: null,
    next: verdict.next,
    commands: resetCommands(row, verdict),
    packets: reportPackets(detail.packets, restsOn, row),
    claimed: verdict.claimed,
    evidence: evidence.slice(0, REPORT_BOUNDS.evidence).map(evidenceOf),
    bytes: reportBytes(packet),
    refute: refutations(verdict, detail.evidence),
    limits: verdict.limitations,
  };
}

function evidenceOf({
  favours,
  weight,
  text,
  frames,
  files,
}: ResetDetail['evidence'][number]): ReportEvidence {
  return {
    favours,
    weight: favours === 'neither' ? '' : weightText(weight),
    text,
    frames: frames.map((frame, index) => ({ file: files[index], frame })),
  };
}

function facts(
  { row, verdict, payloadText, burst, witness, owners, tunnel, journey }: ResetDetail,
  epochNs: bigint,
): ReportTerm[] {
  const { origin, cause, claimed } = verdict;
  const text = causeOf(cause.code);
  const isProven = journey?.proven === true;
  const who =
    origin.kind === 'unknown'
      ? `${upperFirst(sureText(origin.kind, origin.confidence))}: the host or a device in between.`
      : `${upperFirst(origin.label)}: ${sureText(origin.kind, origin.confidence, isProven)}, ${percentText(origin.confidence)}. ${oddsText(origin.confidence)}`;
  const others = cause.alternatives.map((code) => causeOf(code).title);
  const why =
    cause.code === 'unknown'
      ? 'The packets do not tell.'
      : `${text.title}: ${causeWord(cause.confidence)}, ${percentText(cause.confidence)}. ${text.what}${others.length === 0 ? '' : ` The packets cannot tell it from: ${others.join('; ')}.`}`;
  const terms: ReportTerm[] = [
    { term: 'Who hung up', text: who },
    { term: 'Why', text: why },
    {
      term: 'Did it matter',
      text: `${verdict.matters ? 'Yes: it ended unfinished work.' : 'No: nothing was under way.'} ${obeyedText(verdict.obeyed, otherSide(claimed))}`,
    },
    {
      term: 'Data at risk',
      text: `${unacknowledgedText(verdict.unacknowledgedBytes, bytesText)} With this cause in general: ${lowerFirst(text.dataLoss)}`,
    },
    {
      term: 'When',
      text: `${dateAndTime(isoTime(epochNs, row.timeNs), false)}, ${silence(verdict.idleSeconds, verdict.silenceSeconds)}`,
    },
    {
      term: 'The reset',
      text: `It carries the ${claimed}’s address. ${FAMILY_TEXT[verdict.family].word}: ${FAMILY_TEXT[verdict.family].about}`,
    },
  ];
  if (burst !== null && burst.count > 1)
    terms.push({
      term: 'How often',
      text: `${plural(burst.count, 'reset')} of this connection are alike; this is the first.`,
    });
  if (payloadText !== null) terms.push({ term: 'It says', text: `“${sanitiseText(payloadText, 300)}”` });
  if (witness !== null) terms.push({ term: 'The kernel', text: witnessed(witness.word, witness.reason) });
  for (const [side, owner] of [
    ['client', owners.client],
    ['server', owners.server],
  ] as const)
    if (owner !== null) terms.push({ term: `Process (${side})`, text: ownerText(owner) });
  if (tunnel !== null) terms.push({ term: 'Tunnel', text: tunnel });
  return terms;
}

const WITNESS = {
  sent: 'The capturing machine’s kernel says itself that it sent this reset',
  'not-sent': 'The capturing machine’s kernel was watched without a gap and did not send this reset',
  received: 'The capturing machine’s kernel took this reset to a socket of its own',
} as const;

function witnessed(word: keyof typeof WITNESS, reason: string | null): string {
  return `${WITNESS[word]}${reason === null ? '' : ` (reason ${sanitiseText(reason, 80)})`}.`;
}

function ownerText({ name, pid, cgroup }: SocketOwner): string {
  return `${sanitiseText(name, 200)}, process ${pid}${cgroup === null ? '' : `, ${sanitiseText(cgroup, 200)}`}`;
}

/** The silence that a timer could have measured only where it is another one. */
function silence(idle: number | null, timer: number | null): string {
  if (idle === null) return 'the first packet of its flow.';
  const since = `${durationText(idle * 1e9)} after the packet before it`;
  const measured = timer === null ? null : durationText(timer * 1e9);
  return measured === null ||
    timer === null ||
    timer < Math.max(1, idle) ||
    measured === durationText(idle * 1e9)
    ? `${since}.`
    : `${since}; the connection had not been used for ${measured}.`;
}

function path({ row, verdict, journey }: ResetDetail, join: JoinReport | null): ReportPath {
  const points = (join?.vantages ?? []).map(({ files, name, hopsToNext }) => ({
    file: files[0],
    name: sanitiseText(name, 60),
    hopsToNext,
  }));
  const nameOf = (file: number): string =>
    points.find((point) => point.file === file)?.name ?? `file ${file + 1}`;
  const { origin, claimed } = verdict;
  const born =
    origin.kind === 'middlebox' && verdict.path.placedBy !== 'ttl' ? (journey?.born ?? null) : null;
  const hostHops = claimed === 'server' ? verdict.path.serverHops : verdict.path.clientHops;
  const { resetHops } = verdict.path;
  const key =
    origin.kind !== 'middlebox' || verdict.path.placedBy !== 'ttl' || hostHops === null || resetHops === null
      ? undefined
      : deviceKey(hostHops - resetHops, addressOf(claimed === 'server' ? row.server : row.client));
  const basis = verdict.path.placedBy === 'nothing' && born !== null ? '' : placeBasis(verdict, nameOf);
  return {
    model: verdict.path,
    claimed,
    kind: origin.kind,
    confidence: origin.confidence,
    maker: makerWord(verdict),
    where:
      born === null
        ? makerPlace(verdict, nameOf)
        : `between ${nameOf(born.between[0])} and ${nameOf(born.between[1])}`,
    deviceKey: key ?? '',
    label: pathText(verdict, nameOf),
    caption: `${captureText(verdict.path, nameOf)} ${basis}`.trim(),
    points,
  };
}
