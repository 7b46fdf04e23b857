/**
 * One analysis: bytes of capture files in, answers out. The only class of the engine that hosts know.
 *
 *   host ── startFile / feed / endFile ──▶ Session ──▶ CaptureReader ──▶ Pipeline ──▶ stores
 *   host ◀── summary, rows, details ────── Session ◀── FlowView, ResetView, ResetJudge
 *
 * Verdicts are made after the packets: `judge(budget)` works through the resets in slices. While a file is still being
 * read they are provisional, because what comes after a reset is the best evidence about it; `endFile` has
 * them all made again.
 */
import type {
  CaptureSummary,
  FileSummary,
  Overview,
  ResetAccount,
  ResetDetail,
} from '../../shared/model/capture.ts';
import type { Findings } from '../../shared/model/finding.ts';
import type { FlowHints } from '../../shared/model/hints.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import type { ReadWarning } from '../../shared/model/warning.ts';
import type { SocketOwner } from '../../shared/model/witness.ts';
import { BATCH_BYTES, PacketBatch } from './batch.ts';
import { DecodeStage } from './decode-stage.ts';
import { Decoder } from './decode/decoder.ts';
import { FileState } from './file-state.ts';
import { FlowTable } from './flow/flow-table.ts';
import { LAST_PACKET, LAST_RESET } from './flow/record.ts';
import { TcpTracker } from './flow/tcp-tracker.ts';
import { makeFindings } from './findings/findings.ts';
import { LIMITS, LimitCounter } from './limits.ts';
import { limitWarnings, packetWarnings } from './loss-report.ts';
import { FlowStage } from './flow-stage.ts';
import { CaptureReader } from './read/capture-reader.ts';
import type { KernelEvent } from './read/kernel-event.ts';
import type { InterfaceDrops, InterfaceInfo, PacketSink } from './read/sink.ts';
import { CaptureClock } from './read/sink.ts';
import { ResetJudge } from './reset/judge.ts';
import { resetWords } from './reset/reasons/reset-words.ts';
import type { CaptureView } from './reset/view.ts';
import { AddressTable } from './store/address-table.ts';
import type { FlowNames } from './store/flow-view.ts';
import { FlowView } from './store/flow-view.ts';
import { IcmpLog } from './store/icmp-log.ts';
import { IcmpView } from './store/icmp-view.ts';
import { countResets } from './store/overview.ts';
import { INDEX_BYTES_PER_PACKET, PacketIndex } from './store/packet-index.ts';
import { packetRow, packetsOfFlow } from './store/packet-view.ts';
import { ResetLog, RST_PREVIOUS_RESET } from './store/reset-log.ts';
import { ResetView } from './store/reset-view.ts';
import { VerdictColumns } from './store/verdict-columns.ts';
import { WitnessLog } from './store/witness-log.ts';
import { HintCollector } from './stream/hints.ts';

/** Packets shown before and after a reset in its detail. */
const CONTEXT_BEFORE = 12;
const CONTEXT_AFTER = 8;
const HANDSHAKE_PACKETS = 3;
/** Resets judged between two looks at the clock. */
const JUDGE_SLICE = 32;

export class Session implements CaptureView, PacketSink, FlowNames {
  readonly clock = new CaptureClock();
  readonly limits = new LimitCounter();
  readonly packets = new PacketIndex();
  readonly flows = new FlowTable(this.limits);
  readonly resets = new ResetLog();
  readonly addresses = new AddressTable(this.flows);
  readonly flowView: FlowView;
  readonly resetView: ResetView;
  readonly icmpErrors: IcmpView;
  readonly verdicts = new VerdictColumns();
  readonly witness = new WitnessLog(this.limits, this.clock);
  /** Grows with every change of what queries answer. */
  revision = 0;

  readonly #hints = new HintCollector(this.limits);
  readonly #decode: DecodeStage;
  readonly #flow: FlowStage;
  readonly #judge: ResetJudge;
  /** Resets below this are judged by all that was known when they last came up. */
  #judgedTo = 0;
  readonly #files: FileState[] = [];
  readonly #comments = new Map<number, string>();
  readonly #names = new Map<string, string>();
  #reader: CaptureReader | undefined;
  #file: FileState | undefined;
  #timeline = 0;

  constructor() {
    const icmpLog = new IcmpLog(this.limits);
    this.#flow = new FlowStage(
      this.packets,
      this.flows,
      new TcpTracker(this.packets),
      this.resets,
      this.addresses,
      this.#hints,
      icmpLog,
    );
    const batch = new PacketBatch(new ArrayBuffer(BATCH_BYTES), 0);
    this.#decode = new DecodeStage(new Decoder(this.limits), this.flows.seed, batch, (full) => {
      this.takeBatch(full);
      full.count = 0;
      return full;
    });
    this.#judge = new ResetJudge(this);
    this.flowView = new FlowView(this.flows, this.packets, this);
    this.icmpErrors = new IcmpView(icmpLog, this.packets, this.flowView);
    const label = (reset: number): string => this.#judge.label(reset);
    this.resetView = new ResetView(this.resets, this.packets, this.flowView, this, this.verdicts, label);
  }

  // ── bytes or packets in ─────────────────────────────────────────────────────────────────────────────────

  /**
   * @param compression 'none', 'gzip' …: only for showing
   * @param continues whether it goes on where the file before it ended; else nothing links its flows and hosts
   *   to those before
   */
  startFile(path: string, compression: string, continues: boolean): void {
    if (!continues) {
      this.flows.startTimeline();
      this.#timeline++;
    }
    this.packets.startFile(this.#files.length);
    this.#file = new FileState(path, compression, this.#timeline);
    this.#files.push(this.#file);
    this.#decode.startFile();
    this.#reader = undefined;
  }

  /** The next bytes of the (decompressed) file; `chunk` is not kept. */
  feed(chunk: Uint8Array): void {
    this.#reader ??= new CaptureReader(this, this.clock, this.limits);
    this.#reader.feed(chunk);
    this.#decode.flush();
    this.noteRead(this.#reader.format, this.#reader.bytes, this.#reader.packets);
  }

  /** Packets that were read and decoded elsewhere; `feed` is not used for such a file. The batch is not kept. */
  takeBatch(batch: PacketBatch): void {
    const room = LIMITS.maxPackets - this.packets.next;
    if (batch.count > room) {
      this.limits.hit('maxPackets', batch.count - room);
      batch.count = Math.max(0, room);
    }
    this.#flow.consume(batch, this.#current.times);
  }

  /** How far the file was read. */
  noteRead(format: string, bytes: number, packets: number): void {
    const file = this.#current;
    file.format = format;
    file.bytes = bytes;
    file.packets = packets;
    this.revision++;
  }

  /** The file ends here, or reading stopped here. */
  endFile(complete: boolean): void {
    const file = this.#current;
    if (complete) {
      // A file without a single byte never came to `feed`, yet has something to be said about.
      if (file.bytes === 0) this.#reader ??= new CaptureReader(this, this.clock, this.limits);
      this.#reader?.end();
      this.#decode.flush();
    }
    if (this.#reader !== undefined) {
      this.noteRead(this.#reader.format, this.#reader.bytes, this.#reader.packets);
    }
    for (const warning of packetWarnings(file, this.#flow.takeCounters())) file.warn(warning);
    for (const warning of limitWarnings(this.limits)) file.warn(warning);
    this.#reader = undefined;
    this.#file = undefined;
    this.reconsider();
    this.revision++;
  }

  /** Trouble that only the host sees: a read error, a damaged compressed stream. */
  warn(warning: ReadWarning): void {
    (this.#file ?? this.#files[this.#files.length - 1])?.warn(warning);
    this.revision++;
  }

  get #current(): FileState {
    if (this.#file === undefined) throw new Error('no file was started');
    return this.#file;
  }

  // ── PacketSink ──────────────────────────────────────────────────────────────────────────────────────────

  onInterface(info: InterfaceInfo): void {
    this.#current.interfaces.push(info);
    this.#decode.addInterface(info.linkType);
  }

  onPacket(
    data: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    timeNs: number,
    interfaceId: number,
    direction: number,
    fileOffset: number,
  ): void {
    this.#decode.packet(data, start, capturedLength, wireLength, timeNs, interfaceId, direction, fileOffset);
  }

  onComment(text: string): void {
    // The packet that it is about may still wait in the batch.
    this.#decode.flush();
    if (this.#comments.size >= LIMITS.maxComments) this.limits.hit('maxComments');
    else this.#comments.set(this.packets.next - 1, text);
  }

  onName(address: string, name: string): void {
    if (this.#names.size >= LIMITS.maxNames) this.limits.hit('maxNames');
    else this.#names.set(address, name);
  }

  onDrops(drops: InterfaceDrops): void {
    this.#current.drops.set(drops.interfaceId, drops);
  }

  onKernelEvent(event: KernelEvent): void {
    this.witness.note(event, this.#current.timeline);
  }

  onWarning(warning: ReadWarning): void {
    this.#current.warn(warning);
  }

  // ── CaptureView and names ───────────────────────────────────────────────────────────────────────────────

  hints(flow: number): FlowHints | undefined {
    return this.#hints.hints(flow);
  }

  addressText(flow: number, direction: 0 | 1): string {
    return this.flowView.address(flow, direction);
  }

  name(address: string): string | undefined {
    return this.#names.get(address) ?? this.#hints.dnsNames.get(address);
  }

  timelineOf(file: number): number {
    return this.#files[file].timeline;
  }

  clockStepNs(file: number): number {
    return this.#files[file].clockStepNs;
  }

  serverName(flow: number): string {
    return this.#hints.hints(flow)?.serverName ?? this.name(this.flowView.address(flow, 1)) ?? '';
  }

  application(flow: number): string {
    return this.#hints.hints(flow)?.protocol ?? '';
  }

  // ── answers ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Judges resets for about `budgetMs`; true when all that were read are judged. */
  judgeFor(budgetMs: number, now: () => number): boolean {
    const deadline = now() + budgetMs;
    while (this.#judgedTo < this.resets.count) {
      const end = Math.min(this.resets.count, this.#judgedTo + JUDGE_SLICE);
      for (let id = this.#judgedTo; id < end; id++) this.verdicts.set(id, this.#judge.classify(id));
      this.#judgedTo = end;
      if (now() >= deadline) break;
    }
    return this.#judgedTo === this.resets.count;
  }

  /** Has all verdicts made again, in the light of what was read since. Those made so far stand until then. */
  reconsider(): void {
    this.#judgedTo = 0;
    this.#judge.invalidate();
  }

  get files(): readonly FileSummary[] {
    return this.#files.map((file) => file.summary(this.clock.epochNs));
  }

  get firstNs(): number {
    return this.packets.count === 0 ? 0 : Math.min(...this.#files.map((file) => file.times.first));
  }

  get lastNs(): number {
    return this.packets.count === 0 ? 0 : Math.max(...this.#files.map((file) => file.times.last));
  }

  summary(): CaptureSummary {
    let matters = 0;
    for (let id = 0; id < this.verdicts.count; id++) matters += this.verdicts.matters[id];
    let dropped: number | null = null;
    for (const file of this.#files) {
      if (file.dropped !== undefined) dropped = (dropped ?? 0) + file.dropped;
    }
    return {
      files: this.files,
      epochNs: this.clock.epochNs?.toString() ?? null,
      firstNs: this.firstNs,
      lastNs: this.lastNs,
      packets: this.packets.count,
      tcpPackets: this.#flow.tcpPackets,
      flows: this.flows.count,
      tcpFlows: this.#flow.tcpFlows,
      resets: this.resets.count,
      resetsThatMatter: matters,
      dropped,
      indexBytesPerPacket: INDEX_BYTES_PER_PACKET,
    };
  }

  overview(ids: Uint32Array, buckets: number): Overview {
    return {
      ...countResets(ids, this.resetView, this.verdicts, this.firstNs, this.lastNs, buckets),
      findings: this.findings(ids, LIMITS.maxOverviewFindings),
      icmpErrors: this.icmpErrors.summary(),
    };
  }

  /** @param ids judged resets in capture order @param limit findings listed at most */
  findings(ids: Uint32Array, limit: number): Findings {
    return makeFindings(
      ids,
      {
        resets: this.resetView,
        flows: this.flowView,
        names: this,
        verdicts: this.verdicts,
        describe: (reset) => {
          const { origin, next } = this.#judge.judge(reset);
          return { label: origin.label, next };
        },
      },
      limit,
    );
  }

  resetRow(reset: number): ResetRow {
    return this.resetView.row(reset);
  }

  flowRow(flow: number): FlowRow {
    return this.flowView.row(flow);
  }

  packetRow(packet: number): PacketRow {
    return packetRow(this.packets, this.flowView, packet);
  }

  /** Numbers of the flow's packets in capture order. */
  flowPackets(flow: number): Uint32Array {
    const last = this.flows.block(flow).words[this.flows.wordsAt(flow) + LAST_PACKET] >>> 0;
    return packetsOfFlow(this.packets, last, LIMITS.maxListedPackets);
  }

  /** Newest reset of a flow first. */
  flowResets(flow: number): number[] {
    const ids: number[] = [];
    let id = this.flows.block(flow).words[this.flows.wordsAt(flow) + LAST_RESET];
    while (id >= 0) {
      ids.push(id);
      id = this.resets.get(id, RST_PREVIOUS_RESET);
    }
    return ids;
  }

  comment(packet: number): string | undefined {
    return this.#comments.get(packet);
  }

  /** The whole verdict of one reset. Does not walk its flow, so that reports can ask for all resets. */
  resetAccount(reset: number): ResetAccount {
    const verdict = this.#judge.judge(reset);
    const flow = this.resetView.flow(reset);
    const payload = this.resets.payload(reset);
    return {
      row: this.resetView.row(reset),
      flow: this.flowView.row(flow),
      verdict,
      payloadText: payload === undefined ? null : resetWords(payload),
      tunnel: this.flowView.tunnel(flow),
      evidence: verdict.evidence.map((evidence) => ({
        ...evidence,
        frames: evidence.packets.map((number) => this.packets.frame(number)),
      })),
      witness: this.#judge.kernelWitness,
      owners: { client: this.#owner(flow, 0, reset), server: this.#owner(flow, 1, reset) },
    };
  }

  /** Who owns the socket at that end of the flow, where it is one of the capturing machine. */
  #owner(flow: number, side: 0 | 1, reset: number): SocketOwner | null {
    const timeline = this.timelineOf(this.packets.file(this.resetView.packet(reset)));
    const { flowView, witness } = this;
    if (witness.owners.count === 0) return null;
    const address = flowView.address(flow, side);
    return witness.owners.owner(
      timeline,
      flowView.ipVersion(flow),
      address,
      flowView.port(flow, side),
      flowView.endpoint(flow, side === 0 ? 1 : 0),
      witness.isOwn(timeline, address),
    );
  }

  /** The same with the packets around it, and those that the evidence rests on. */
  resetDetail(reset: number): ResetDetail {
    const account = this.resetAccount(reset);
    const packet = this.resetView.packet(reset);
    const all = this.flowPackets(account.row.flow);
    const shown = new Set<number>(account.evidence.flatMap((evidence) => evidence.packets));
    const at = all.indexOf(packet);
    for (let i = Math.max(0, at - CONTEXT_BEFORE); i <= Math.min(all.length - 1, at + CONTEXT_AFTER); i++) {
      shown.add(all[i]);
    }
    shown.add(packet);
    // The handshake shows who is who; it is worth its three rows wherever the reset is.
    for (let i = 0; i < Math.min(HANDSHAKE_PACKETS, all.length); i++) shown.add(all[i]);
    return {
      ...account,
      hints: this.hints(account.row.flow) ?? null,
      packets: [...shown].sort((a, b) => a - b).map((number) => this.packetRow(number)),
    };
  }
}
