/** Small, plausible model data for unit tests. Nothing that ships imports this folder. */
import type { StreamPage } from '../../shared/model/stream.ts';
import type { Timeline } from '../../shared/model/timeline.ts';
import type { CaptureSummary, Overview, Progress, ResetDetail } from '../../shared/model/capture.ts';
import type { EndingsReport, FailureDetail, FailureGroup, FailureRow } from '../../shared/model/failure.ts';
import { NO_ENDINGS } from '../../shared/model/failure.ts';
import type { Finding } from '../../shared/model/finding.ts';
import type { IcmpError } from '../../shared/model/icmp-error.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import type { Verdict } from '../../shared/model/verdict.ts';

export function sampleReset(id: number, changes: Partial<ResetRow> = {}): ResetRow {
  return {
    id,
    file: 0,
    frame: id * 10 + 4,
    timeNs: id * 1e9,
    flow: id,
    client: `10.0.0.1:${40_000 + id}`,
    server: '192.0.2.7:443',
    serverName: 'shop.example',
    claimed: 'server',
    kind: 'middlebox',
    side: 'path',
    hops: 2,
    label: 'a device two hops in front of the server',
    confidence: 0.95,
    cause: 'injected',
    family: 'active',
    obeyed: 'yes',
    matters: id % 2 === 0,
    silenceSeconds: 0.5,
    unacknowledged: 1200,
    count: 1,
    seenAt: 0,
    points: 0,
    proven: false,
    ...changes,
  };
}

export function sampleFlow(id: number, changes: Partial<FlowRow> = {}): FlowRow {
  return {
    id,
    file: 0,
    protocol: 'tcp',
    client: `10.0.0.1:${40_000 + id}`,
    server: '192.0.2.7:443',
    serverName: 'shop.example',
    application: 'tls',
    startNs: id * 1e9,
    durationNs: 5e8,
    packets: 12,
    clientBytes: 500,
    serverBytes: 9000,
    state: 'RSTR',
    ending: 'reset',
    history: 'ShADadr',
    rttNs: 2e7,
    retransmissions: 0,
    resets: 1,
    marks: '',
    points: 1,
    ...changes,
  };
}

export function samplePacket(packet: number, changes: Partial<PacketRow> = {}): PacketRow {
  return {
    packet,
    file: 0,
    frame: packet + 1,
    timeNs: packet * 1e6,
    sinceInFlowNs: packet === 0 ? -1 : 1e6,
    flow: 0,
    from: packet % 2 === 0 ? 'client' : 'server',
    source: packet % 2 === 0 ? '10.0.0.1' : '192.0.2.7',
    sourcePort: packet % 2 === 0 ? 40_000 : 443,
    sourceName: '',
    destination: packet % 2 === 0 ? '192.0.2.7' : '10.0.0.1',
    destinationPort: packet % 2 === 0 ? 443 : 40_000,
    destinationName: '',
    protocol: 'TCP',
    info: `${packet % 2 === 0 ? '40000 → 443' : '443 → 40000'} [ACK] Seq=${packet} Ack=1 Win=64240 Len=0`,
    reset: -1,
    origin: 'none',
    scaledWindow: 64_240,
    length: 60,
    payload: 0,
    flags: 0x10,
    seq: packet,
    ack: 1,
    rawSeq: 1000 + packet,
    rawAck: 2000,
    window: 64_240,
    ttl: packet % 2 === 0 ? 64 : 53,
    ipId: 7,
    notes: '',
    ...changes,
  };
}

export const SAMPLE_VERDICT: Verdict = {
  claimed: 'server',
  family: 'active',
  origin: {
    kind: 'middlebox',
    hops: 2,
    side: 'path',
    label: 'a device two hops in front of the server',
    confidence: 0.953,
  },
  cause: { code: 'injected', confidence: 0.8, alternatives: ['firewall-reject'] },
  obeyed: 'yes',
  matters: true,
  unacknowledgedBytes: { client: 1200, server: 0 },
  idleSeconds: 0.5,
  silenceSeconds: 0.5,
  evidence: [],
  limitations: ['Packets of this connection are missing from the capture.'],
  path: {
    clientHops: 0,
    serverHops: 5,
    resetHops: 2,
    capturePoint: 'client',
    place: 0.5,
    reach: [1 / 3, 2 / 3],
    placedBy: 'ttl',
    maker: 'device',
    vantages: [],
  },
  sees: { client: 'reset', server: 'unaware' },
  summary: 'A device two hops in front of the server made this reset.',
  story: '10.0.0.1:50000 connected to 192.0.2.7:443 at 03:04:05.000 UTC; the handshake took 12 ms.',
  next: 'Look at the device.',
};

/** The reset is frame 4 of its file. */
export function sampleDetail(id: number, changes: Partial<ResetDetail> = {}): ResetDetail {
  return {
    row: sampleReset(id),
    flow: sampleFlow(id),
    verdict: SAMPLE_VERDICT,
    hints: null,
    payloadText: null,
    burst: null,
    packets: [
      samplePacket(1),
      samplePacket(2),
      samplePacket(id * 10 + 3, { from: 'server', flags: 0x14, ttl: 62 }),
    ],
    tunnel: null,
    witness: null,
    owners: { client: null, server: null },
    journey: null,
    evidence: [
      {
        code: 'hops-differ',
        family: 'header',
        favours: 'middlebox',
        weight: 2.7,
        packets: [1],
        frames: [2],
        files: [0],
        text: 'The reset is two hops away, the server five.',
      },
      {
        code: 'seq-next',
        family: 'sequence',
        favours: 'endpoint',
        weight: 0.12,
        packets: [2],
        frames: [3],
        files: [0],
        text: 'Its number is exactly the next.',
      },
    ],
    ...changes,
  };
}

export function sampleFailure(id: number, changes: Partial<FailureRow> = {}): FailureRow {
  return {
    id,
    file: 0,
    frame: id * 10 + 1,
    timeNs: id * 1e9,
    protocol: 'tcp',
    client: `10.0.0.1:${50_000 + id}`,
    server: '192.0.2.8:443',
    serverName: '',
    kind: 'no-answer',
    side: null,
    tries: 4,
    seconds: 7,
    recovered: false,
    matters: id % 2 === 0,
    confidence: 0.92,
    summary: `SYN number ${id} to 192.0.2.8:443 was sent 4 times over 7 s, and nothing came back.`,
    next: 'Capture at the server: does the SYN arrive?',
    ...changes,
  };
}

/** The failed packet is frame 1 of its file. */
export function sampleFailureDetail(row: FailureRow, changes: Partial<FailureDetail> = {}): FailureDetail {
  return {
    row,
    flow: sampleFlow(row.id),
    hints: null,
    story: `${row.client} asked ${row.server} for a connection.`,
    evidence: [
      {
        code: 'syn-repeated',
        packets: [0, 1],
        frames: [1, 2],
        files: [0, 0],
        text: 'The same SYN was sent 4 times.',
      },
    ],
    packets: [samplePacket(0, { flags: 2 }), samplePacket(1, { from: 'client', flags: 2 })],
    ...changes,
  };
}

export function sampleFailureGroup(changes: Partial<FailureGroup> = {}): FailureGroup {
  return {
    kind: 'no-answer',
    side: null,
    recovered: false,
    server: '192.0.2.8:443',
    serverName: '',
    count: 5,
    matters: 5,
    clients: 1,
    firstNs: 1e9,
    lastNs: 9e9,
    meanConfidence: 0.92,
    sentence: '5 connections of one client to 192.0.2.8:443 got no answer.',
    next: 'Capture at the server: does the SYN arrive?',
    examples: [2],
    ...changes,
  };
}

/** The endings of sampleSummary: no failure, 30 resets. */
export function sampleEndings(changes: Partial<EndingsReport> = {}): EndingsReport {
  return {
    ...NO_ENDINGS,
    counts: { ...NO_ENDINGS.counts, clean: 5, reset: 30, open: 3 },
    connections: 38,
    headline: '15 of 30 resets matter',
    allWell: false,
    ...changes,
  };
}

/** The same capture, with four failures and one group of them. */
export function sampleFailedEndings(changes: Partial<EndingsReport> = {}): EndingsReport {
  return sampleEndings({
    counts: { ...NO_ENDINGS.counts, clean: 4, reset: 30, 'no-answer': 3, stalled: 1 },
    failures: 4,
    failuresThatMatter: 4,
    groups: [sampleFailureGroup()],
    ...changes,
  });
}

export function sampleProgress(changes: Partial<Progress> = {}): Progress {
  return {
    phase: 'done',
    revision: 1,
    bytesRead: 1000,
    bytesTotal: 1000,
    packets: 300,
    flows: 40,
    resets: 30,
    waiting: 0,
    unjudged: 0,
    error: null,
    ...changes,
  };
}

export function sampleSummary(changes: Partial<CaptureSummary> = {}): CaptureSummary {
  return {
    files: [
      {
        path: '/captures/office.pcap',
        format: 'pcap',
        linkTypes: ['EN10MB'],
        packets: 300,
        bytes: 1000,
        first: '2026-01-02T03:04:05.000000000Z',
        last: '2026-01-02T03:04:35.000000000Z',
        warnings: [
          {
            code: 'truncated-packet',
            message: 'The file ends inside of a packet.',
            offset: 990,
            packet: 300,
            lossy: true,
          },
        ],
        moreWarnings: 0,
      },
    ],
    epochNs: '1767323045000000000',
    firstNs: 0,
    lastNs: 30e9,
    packets: 300,
    tcpPackets: 290,
    flows: 40,
    tcpFlows: 38,
    resets: 30,
    resetsThatMatter: 15,
    dropped: null,
    indexBytesPerPacket: 48,
    letGo: null,
    ...changes,
  };
}

const HARMLESS: Partial<Finding> = {
  kind: 'endpoint',
  side: 'client',
  cause: 'health-check',
  count: 12,
  matters: 0,
  noise: true,
  sentence: '12 resets, likely sent by the client 10.0.0.1 itself: health check.',
};

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    kind: 'middlebox',
    side: 'path',
    claimed: 'server',
    hops: 2,
    cause: 'injected',
    label: 'a device two hops in front of the server',
    server: '192.0.2.7:443',
    serverName: 'shop.example',
    count: 18,
    matters: 10,
    clients: 3,
    firstNs: 0,
    lastNs: 20e9,
    perHour: null,
    idle: null,
    meanConfidence: 0.93,
    examples: [6],
    sentence: '18 resets in the server’s name, likely made by a device two hops in front of the server.',
    next: 'Look at the device.',
    noise: false,
    ...changes,
  };
}

export function sampleIcmpError(changes: Partial<IcmpError> = {}): IcmpError {
  return {
    packet: 3,
    file: 0,
    frame: 4,
    timeNs: 1e9,
    flow: 5,
    client: '10.0.0.1:5353',
    server: '192.0.2.9:53',
    protocol: 'udp',
    ipVersion: 4,
    type: 3,
    code: 3,
    reporter: '192.0.2.9',
    told: 'client',
    name: 'port unreachable',
    meaning: 'Port unreachable, says the host itself.',
    ...changes,
  };
}

/** A request, and a reset before its answer. */
export function sampleStream(changes: Partial<StreamPage> = {}): StreamPage {
  const bytes = new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n');
  return {
    revision: 1,
    protocol: 'tcp',
    looksLike: 'http',
    place: 0,
    next: bytes.length,
    total: bytes.length,
    totals: {
      client: { bytes: bytes.length, missing: 0, repeated: 0 },
      server: { bytes: 0, missing: 0, repeated: 0 },
    },
    pieces: [
      { kind: 'data', from: 'client', place: 0, offset: 0, packet: 3, frame: 4, timeNs: 1e6, bytes },
      {
        kind: 'reset',
        place: bytes.length,
        reset: 0,
        packet: 4,
        frame: 5,
        timeNs: 2e6,
        claimed: 'server',
        origin: 'middlebox',
        label: 'A device on the path',
        confidence: 0.98,
      },
    ],
    unacknowledged: [{ from: 'client', offset: 0, length: bytes.length, reset: 0 }],
    conflicts: [],
    olderLeftOut: false,
    ...changes,
  };
}

/** Three bars of a second each. */
export function sampleTimeline(changes: Partial<Timeline> = {}): Timeline {
  return {
    revision: 1,
    firstNs: 0,
    lastNs: 2.5e9,
    fromNs: 0,
    widthNs: 1e9,
    packets: [40, 0, 25],
    passing: [40, 0, 25],
    bytes: [4000, 0, 2500],
    retransmissions: [2, 0, 0],
    middlebox: [2, 0, 0],
    endpoint: [1, 0, 3],
    unknown: [0, 0, 1],
    failures: [0, 0, 2],
    ...changes,
  };
}

export function sampleOverview(changes: Partial<Overview> = {}): Overview {
  return {
    bucketNs: 1e9,
    buckets: { endpoint: [1, 0, 3], middlebox: [2, 0, 0], unknown: [0, 0, 1] },
    byOrigin: { endpoint: 10, middlebox: 18, unknown: 2 },
    byCause: [
      { cause: 'injected', count: 18, matters: 10 },
      { cause: 'connection-refused', count: 12, matters: 5 },
    ],
    findings: {
      list: [sampleFinding(), sampleFinding({ ...HARMLESS, examples: [7] })],
      total: 2,
      noise: { findings: 1, resets: 12 },
    },
    icmpErrors: { total: 0, groups: [], moreGroups: 0 },
    ...changes,
  };
}
