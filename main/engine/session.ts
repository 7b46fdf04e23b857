/**
 * One analysis: bytes of capture files in, answers out. The only class of the engine that hosts know: it puts the parts
 * together and hands on.
 *
 *   host ── startFile / feed / endFile ──▶ CaptureReader ──▶ Intake ──▶ stores
 *                                              Evictor lets go of the oldest ◀──┘ (now and then)
 *                                                 └──▶ ResetSettler makes their verdicts final
 *   host ── judgeFor / reconsider ──▶ VerdictSweep ──▶ ResetJudge ──▶ VerdictColumns
 *   host ◀── rows ─────────────────── FlowView, ResetView, packet-view
 *   host ◀── accounts, details ────── ResetAccounts
 *   host ◀── summary, findings ────── CaptureTotals
 *
 * Verdicts are made after the packets: `judgeFor(budget)` works through the resets in slices. While a file is still being
 * read they are provisional, because what comes after a reset is the best evidence about it; `endFile` has
 * them all made again.
 */
import type { FlowRecord, Milliseconds, Nanoseconds, PacketNumber } from '../../shared/base/units.ts';
import { finish, type Steps } from '../../shared/base/steps.ts';
import { ensure } from '../../shared/base/assert.ts';
import type {
  CaptureSummary,
  FileSummary,
  Overview,
  ResetAccount,
  ResetDetail,
} from '../../shared/model/capture.ts';
import type { Ending } from '../../shared/model/failure.ts';
import type { Findings } from '../../shared/model/finding.ts';
import type { FlowHints } from '../../shared/model/hints.ts';
import type { FlowRow, PacketRow, ResetRow } from '../../shared/model/rows.ts';
import type { ReadWarning } from '../../shared/model/warning.ts';
import { CaptureTotals } from './answers/capture-totals.ts';
import { Intake } from './pipeline/intake.ts';
import { OrdinarySegments } from './pipeline/ordinary.ts';
import { Decoder } from './decode/decoder.ts';
import { EndingBook } from './endings/book.ts';
import type { EndingView } from './endings/view.ts';
import { FileList } from './files/file-list.ts';
import { GoneResets } from './findings/gone-resets.ts';
import { FailureView } from './answers/failure-view.ts';
import { FlowStage } from './pipeline/flow-stage.ts';
import { ColdBlocks } from './flow/cold-blocks.ts';
import { FlowTable } from './flow/flow-table.ts';
import { TcpTracker } from './flow/tcp-tracker.ts';
import { Evictor } from './retention/evictor.ts';
import { LIMITS, LimitCounter } from './limits.ts';
import { letGoWarning, limitWarnings, packetWarnings } from './files/loss-report.ts';
import type { CaptureFormat } from './read/capture-format.ts';
import { CaptureReader } from './read/capture-reader.ts';
import type { KernelEvent } from './read/kernel-event.ts';
import type { InterfaceDrops, InterfaceInfo, PacketSink } from './read/sink.ts';
import { CaptureClock } from './read/sink.ts';
import { ResetAccounts } from './answers/reset-accounts.ts';
import { ResetSettler } from './retention/reset-settler.ts';
import { ResetJudge } from './reset/judge.ts';
import type { CaptureView } from './reset/observe/view.ts';
import type { LeavingWatcher } from './retention/leaving.ts';
import type { RetentionOptions } from './retention/retention-options.ts';
import { AddressTable } from './store/address-table.ts';
import type { FlowNames } from './answers/flow-view.ts';
import { FlowView } from './answers/flow-view.ts';
import { Join } from './join/join.ts';
import type { JoinView } from './join/join-view.ts';
import { vantageName } from './join/vantage-name.ts';
import { IcmpLog } from './store/icmp-log.ts';
import { IcmpView } from './answers/icmp-view.ts';
import { PacketComments } from './store/packet-comments.ts';
import { type IndexMemory, PacketIndex } from './store/packet-index.ts';
import { packetRow, packetsOfFlow } from './answers/packet-view.ts';
import { ResetLog } from './store/reset-log.ts';
import { ResetView } from './answers/reset-view.ts';
import { SettledResets } from './answers/settled-resets.ts';
import { VerdictColumns } from './store/verdict-columns.ts';
import { WitnessLog } from './store/witness-log.ts';
import { AddressNames } from './stream/address-names.ts';
import { HintCollector } from './stream/hints.ts';
import { VerdictSweep } from './answers/verdict-sweep.ts';
import { WaitingResets } from './answers/waiting-resets.ts';

/** Room is made in an endless capture after so many packets, and after each piece of the file. */
const PACKETS_BETWEEN_ROOM = 512;

export interface SessionOptions {
  /** All packets take the way through the layers, for comparison with the short one. */
  readonly throughLayers?: boolean;
  /** What packets may take of memory, and where the rest goes. */
  readonly memory?: SessionMemory | undefined;
}

export interface SessionMemory extends Omit<IndexMemory, 'onSpillFull' | 'chunkPackets'> {
  /** Bytes that flows' sides may take in memory. */
  readonly sidesBudget?: number;
  /** Flows whose hints are kept at hand. */
  readonly warmHints?: number;
  /** Packets of the capture without one of a flow, after which its sides may be put aside. */
  readonly coldAfter?: number;
}

/** Long enough that flows which come back seldom cost little. */
const COLD_AFTER = 1 << 20;

const SPILL_FULL: ReadWarning = {
  code: 'limit-reached',
  message:
    'there is no room on the disk for what does not fit memory: all of it stays in memory, which may not suffice for the whole capture',
  offset: undefined,
  packet: undefined,
  lossy: false,
};

export class Session implements CaptureView, EndingView, PacketSink, FlowNames {
  readonly clock = new CaptureClock();
  readonly limits = new LimitCounter();
  readonly packets: PacketIndex;
  readonly flows: FlowTable;
  readonly resets = new ResetLog();
  readonly addresses: AddressTable;
  readonly flowView: FlowView;
  readonly resetView: ResetView;
  readonly icmpErrors: IcmpView;
  readonly verdicts: VerdictColumns;
  readonly icmpLog = new IcmpLog(this.limits);
  readonly endings: EndingBook;
  readonly failures: FailureView;
  readonly witness = new WitnessLog(this.limits, this.clock);
  /** Grows with every change of what queries answer. */
  revision = 0;

  /** How much of `revision` is of filters that looked further, and of nothing else. */
  #looks = 0;
  readonly #files = new FileList();
  readonly #join: Join;
  readonly #comments = new PacketComments(this.limits);
  readonly #names = new AddressNames();
  readonly #hints: HintCollector;
  readonly #retention: RetentionOptions | undefined;
  readonly #evictor: Evictor | undefined;
  readonly #settler: ResetSettler | undefined;
  readonly #intake: Intake;
  readonly #ordinary: OrdinarySegments;
  readonly #flow: FlowStage;
  readonly #judge: ResetJudge;
  readonly #sweep: VerdictSweep;
  readonly #accounts: ResetAccounts;
  readonly #totals: CaptureTotals;
  /** The reader of the file in hand, once `feed` had bytes of it. */
  #reader: CaptureReader | undefined;

  /** Packets taken since room was made last. */
  #sinceRoom = 0;
  /** Where flows' sides go that there is no memory for. */
  readonly #coldSides: ColdBlocks | undefined;
  readonly #coldAfter: number;
  #isSpillFull = false;

  /** @param retention bounds an endless capture; without it everything is kept */
  constructor(retention?: RetentionOptions, how: SessionOptions = {}) {
    this.#retention = retention;
    const memory = how.memory ?? {};
    const onSpillFull = (): void => {
      this.#tellSpillFull();
    };
    this.packets = new PacketIndex({ chunkPackets: retention?.chunkPackets, ...memory, onSpillFull });
    // Of an endless capture what grew cold is let go.
    const spill = retention === undefined ? memory.spill : undefined;
    if (spill !== undefined) {
      this.#coldSides = new ColdBlocks(spill, memory.sidesBudget ?? LIMITS.maxSidesBytes, onSpillFull);
    }
    this.#coldAfter = memory.coldAfter ?? COLD_AFTER;
    this.flows = new FlowTable(this.limits, this.#coldSides);
    this.addresses = new AddressTable(this.flows);
    this.verdicts = new VerdictColumns(retention !== undefined);
    this.#hints = new HintCollector(
      this.limits,
      retention?.maxNames,
      spill && { spill, onSpillFull, mostWarm: memory.warmHints },
    );
    this.#join = new Join({
      packets: this.packets,
      flows: this.flows,
      resets: this.resets,
      addresses: this.addresses,
      files: this.#files,
      hints: this.#hints,
    });
    this.endings = new EndingBook(this, this.limits);
    this.#flow = new FlowStage(
      this.packets,
      this.flows,
      new TcpTracker(this.packets),
      this.resets,
      this.addresses,
      this.#hints,
      this.icmpLog,
    );
    this.#ordinary = new OrdinarySegments(this.packets, this.flows, this.#hints, this.#flow);
    const ordinary = how.throughLayers === true ? undefined : this.#ordinary;
    this.#intake = new Intake(this.packets, new Decoder(this.limits), this.#flow, ordinary, this.limits);
    this.#judge = new ResetJudge(this);
    this.flowView = new FlowView(this.flows, this.packets, this, () => this.#join);
    this.icmpErrors = new IcmpView(this.icmpLog, this.packets, this.flowView);
    const settled = new SettledResets();
    const label = (reset: number): string => this.#judge.label(reset);
    this.resetView = new ResetView(
      this.resets,
      this.packets,
      this.flowView,
      this,
      this.verdicts,
      settled,
      label,
      () => this.#join,
    );
    this.#accounts = new ResetAccounts(this, this.flowView, this.resetView, settled, this.#judge);
    const waiting =
      retention === undefined ? undefined : new WaitingResets(this.resets, this.addresses, this.limits);
    this.#sweep = new VerdictSweep(
      this.resets,
      this.resetView,
      this.verdicts,
      settled,
      this.#judge,
      waiting,
      () => this.#join,
    );
    const mostPinned = Math.floor((retention?.maxResets ?? 0) / 2);
    const gone = new GoneResets(this.resetView, this.verdicts, this.limits, mostPinned);
    const { clock, packets, flows, addresses, resets, flowView, resetView, verdicts, icmpErrors } = this;
    const stores = {
      clock,
      files: this.#files,
      packets,
      comments: this.#comments,
      flows,
      addresses,
      hints: this.#hints,
      icmpLog: this.icmpLog,
      icmpErrors,
      resets,
      flowView,
      resetView,
      verdicts,
      settled,
      gone,
      endings: this.endings,
    };
    if (retention !== undefined) {
      const settler = new ResetSettler(retention, stores, this.#judge, this.#accounts);
      this.#settler = settler;
      this.#evictor = new Evictor(retention, stores, (packet, ns) => {
        settler.settle(packet, ns);
      });
    }
    this.#totals = new CaptureTotals(stores, this.#flow, this.#accounts, this.#evictor);
    this.failures = new FailureView(this.endings, this, this.#totals);
  }

  // ── bytes or packets in ─────────────────────────────────────────────────────────────────────────────────

  /**
   * @param compression 'none', 'gzip' …: only for showing
   * @param continues whether it goes on where the file before it ended; else nothing links its flows and hosts
   *   to those before
   */
  startFile(path: string, compression: string, continues: boolean): void {
    if (!continues) this.flows.startTimeline();
    this.packets.startFile(this.#files.count);
    // Frames count from 1 in each file, and those of a burst are told together.
    this.resets.closeBelow(this.resets.count);
    this.#files.start(path, compression, continues);
    this.#hints.startTimeline(this.flows.timeline);
    this.#intake.startFile();
    this.#reader = undefined;
  }

  /** The next bytes of the (decompressed) file; `chunk` is not kept. */
  feed(chunk: Uint8Array): void {
    const reader = (this.#reader ??= new CaptureReader(this, this.clock, this.limits));
    this.#taking(() => {
      reader.feed(chunk);
    });
    this.noteRead(reader.format, reader.bytes, reader.packets);
  }

  /** Has packets come in; whoever wants to put sides of flows aside waits until they did. */
  #taking(packets: () => void): void {
    const cold = this.#coldSides;
    cold?.hold();
    try {
      packets();
      this.#makeRoom();
    } finally {
      cold?.release();
    }
    this.packets.leaveRoom(this.flows.bytes);
    if (cold !== undefined) this.flows.putSidesAside(this.packets.next - this.#coldAfter);
  }

  /** Lets go of what an endless capture no longer keeps. */
  #makeRoom(): void {
    this.#sinceRoom = 0;
    if (this.#evictor?.makeRoom(this.#files.current.times.last) === true) this.#forgetWhatWentWithPackets();
  }

  #forgetWhatWentWithPackets(): void {
    const { packets } = this;
    const files = this.#files;
    files.dropBelow(packets.holds(packets.oldest) ? packets.file(packets.oldest) : files.count - 1);
    // It may hold on to what is gone.
    this.#judge.invalidate();
  }

  /** How far the file was read. */
  noteRead(format: CaptureFormat, bytes: number, packets: number): void {
    const file = this.#files.current;
    file.format = format;
    file.bytes = bytes;
    file.packets = packets;
    this.revision++;
  }

  /** The file ends here, or reading stopped here. */
  endFile(complete: boolean): void {
    const file = this.#files.current;
    if (complete) {
      // A file without a single byte never came to `feed`, yet has something to be said about.
      if (file.bytes === 0) this.#reader ??= new CaptureReader(this, this.clock, this.limits);
      this.#taking(() => {
        this.#reader?.end();
      });
    }
    if (this.#reader !== undefined) {
      this.noteRead(this.#reader.format, this.#reader.bytes, this.#reader.packets);
    }
    for (const warning of packetWarnings(file, this.#flow.takeCounters())) file.warn(warning);
    for (const warning of limitWarnings(this.limits)) file.warn(warning);
    const letGo = this.#totals.letGo();
    if (letGo !== null) file.warn(letGoWarning(letGo));
    this.#reader = undefined;
    this.#files.end();
    this.reconsider();
    this.endings.restart(true);
    this.revision++;
  }

  #tellSpillFull(): void {
    if (!this.#isSpillFull) this.warn(SPILL_FULL);
    this.#isSpillFull = true;
  }

  /** TCP segments that took the short way. */
  get ordinaryPackets(): number {
    return this.#ordinary.taken;
  }

  /** How often blocks of flows' sides, and hints of flows, were put aside for want of memory. */
  get aside(): { readonly sides: number; readonly hints: number } {
    return { sides: this.#coldSides?.traffic.written ?? 0, hints: this.#hints.putAside };
  }

  /** Nothing will be asked any more: what was put aside is let go. */
  close(): void {
    this.packets.close();
    this.#coldSides?.close();
    this.#hints.close();
  }

  /** Trouble that only the host sees: a read error, a damaged compressed stream. */
  warn(warning: ReadWarning): void {
    this.#files.warn(warning);
    this.revision++;
  }

  // ── PacketSink ──────────────────────────────────────────────────────────────────────────────────────────

  onInterface(info: InterfaceInfo): void {
    this.#files.current.interfaces.push(info);
    this.#intake.addInterface(info.linkType);
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
    this.#intake.packet(
      data,
      start,
      capturedLength,
      wireLength,
      timeNs,
      interfaceId,
      direction,
      fileOffset,
      this.#files.current.times,
    );
    if (this.#evictor !== undefined && ++this.#sinceRoom === PACKETS_BETWEEN_ROOM) this.#makeRoom();
  }

  onOtherFrames(count: number): void {
    this.packets.skipFrames(count);
  }

  onComment(text: string): void {
    this.#comments.add((this.packets.next - 1) as PacketNumber, text);
  }

  onName(address: string, name: string): void {
    if (this.#names.size >= LIMITS.maxNames) this.limits.hit('maxNames');
    else this.#names.set(this.flows.timeline, address, name);
  }

  onDrops(drops: InterfaceDrops): void {
    this.#files.current.drops.set(drops.interfaceId, drops);
  }

  onKernelEvent(event: KernelEvent): void {
    this.witness.note(event, this.#files.current.timeline);
  }

  onWarning(warning: ReadWarning): void {
    this.#files.current.warn(warning);
  }

  // ── CaptureView and names ───────────────────────────────────────────────────────────────────────────────

  hints(flow: FlowRecord): FlowHints | undefined {
    return this.#hints.hints(flow);
  }

  addressText(flow: FlowRecord, direction: 0 | 1): string {
    return this.flowView.address(flow, direction);
  }

  name(flow: FlowRecord, direction: 0 | 1): string | undefined {
    const timeline = this.flows.timelineOf(flow);
    // Most captures have none, and lists ask for every flow.
    if (this.#names.of(timeline).size === 0 && this.#hints.dnsNames(timeline).size === 0) return undefined;
    const address = this.flowView.address(flow, direction);
    return this.#names.of(timeline).get(address) ?? this.#hints.dnsNames(timeline).get(address);
  }

  timelineOf(file: number): number {
    return this.#files.timelineOf(file);
  }

  timelineEndNs(file: number): number {
    return this.#files.timelineEndNs(file);
  }

  /** Time of the first packet of a file; 0 where it has none. */
  fileFirstNs(file: number): number {
    return this.#files.fileFirstNs(file);
  }

  get dropped(): number | null {
    return this.#files.dropped;
  }

  clockStepNs(file: number): number {
    return this.#files.clockStepNs(file);
  }

  serverName(flow: FlowRecord): string {
    return this.#hints.hints(flow)?.serverName ?? this.name(flow, 1) ?? '';
  }

  ending(flow: FlowRecord): Ending | 'none' {
    return this.endings.ending(flow);
  }

  application(flow: FlowRecord): string {
    return this.#hints.hints(flow)?.protocol ?? '';
  }

  alsoAt(flow: FlowRecord): readonly string[] {
    if (!this.#join.isJoined) return [];
    return this.#join
      .twins(flow)
      .filter(({ class: kind }) => kind !== 'proxied')
      .map(({ vantage }) => vantageName(this, vantage));
  }

  get epochNs(): bigint | undefined {
    return this.clock.epochNs;
  }

  /** Time of the newest packet; 0 before there is one. */
  get lastNs(): number {
    return this.#files.lastNs;
  }

  // ── captures of the same traffic ────────────────────────────────────────────────────────────────────────

  /** Several captures will be read and joined: keeps what that needs of payloads. Called before the first of them. */
  expectJoin(): void {
    this.#hints.keepFingerprints();
    this.packets.keepsDigests = true;
  }

  /** What joining has found; nothing before `startJoining`. */
  get join(): JoinView {
    return this.#join;
  }

  /** All files were read: looks for connections that several captures hold. `joinFor` does it. */
  startJoining(): void {
    const leftOut = this.flows.timeline - LIMITS.maxJoinedVantages;
    if (leftOut > 0) {
      this.limits.hit('maxJoinedVantages', leftOut);
      for (const warning of limitWarnings(this.limits)) this.warn(warning);
    }
    this.#join.start();
  }

  /** Share of joining that is done. */
  get joinDone(): number {
    return this.#join.done;
  }

  /** Leaves captures apart after all. */
  stopJoining(): void {
    this.#join.stop();
  }

  /** Joins for about `budget`; true when nothing is left to do. Verdicts are then made again. */
  joinFor(budget: Milliseconds, now: () => Milliseconds): boolean {
    if (!this.#join.joinFor(budget, now)) return false;
    if (this.#join.isJoined) {
      this.reconsider();
      this.endings.restart(true);
    }
    this.revision++;
    return true;
  }

  // ── verdicts ────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * Judges resets for about `budget`, new ones first, then looks at how connections ended; true when nothing is left of either for now.
   */
  judgeFor(budget: Milliseconds, now: () => Milliseconds): boolean {
    const started = now();
    const isJudged = this.#sweep.judgeFor(budget, now);
    const left = (budget - (now() - started)) as Milliseconds;
    return isJudged && this.endings.sweepFor(left, now);
  }

  /** Resets that wait for their first verdict. */
  get waiting(): number {
    return this.#sweep.waiting;
  }

  /** Verdicts that are still to be made, for the first time or again. */
  get verdictsLeft(): number {
    return this.#sweep.left;
  }

  /** Makes no more verdicts; resets that have none are counted (`resets.unjudged`). */
  giveUpVerdicts(): void {
    this.#sweep.giveUp();
  }

  /**
   * Has verdicts made again, in the light of what was read since. Those made so far stand until then.
   * @param recentOnly only those about which evidence is still to be expected: an endless capture costs no more by the hour
   */
  reconsider(recentOnly = this.isBounded): void {
    const settleNs = (this.#retention?.settleSeconds ?? 0) * 1e9;
    this.#sweep.restart(recentOnly ? this.lastNs - settleNs : undefined);
    this.endings.restart(false);
  }

  // ── what is let go of ───────────────────────────────────────────────────────────────────────────────────

  /** Has what an endless capture lets go of told; of one that is kept whole nothing is. */
  watchLeaving(watcher: LeavingWatcher): void {
    if (this.#settler !== undefined) this.#settler.watcher = watcher;
    if (this.#evictor !== undefined) this.#evictor.watcher = watcher;
  }

  /**
   * Makes the verdicts of resets of an endless capture final, in their order, that lie below a packet or before a time.
   * @param most of them at most @returns whether none is left
   */
  settleResets(below: PacketNumber, beforeNs: Nanoseconds, most: number): boolean {
    this.revision++;
    return this.#settler?.settle(below, beforeNs, most) ?? true;
  }

  // ── answers about the whole capture ─────────────────────────────────────────────────────────────────────

  /** Whether things are let go while the capture goes on. */
  get isBounded(): boolean {
    return this.#retention !== undefined;
  }

  /** The file that was started last, without a look at all others: there may be thousands. */
  get newestFile(): FileSummary {
    return this.#files.newestSummary(this.clock.epochNs);
  }

  get files(): readonly FileSummary[] {
    return this.#files.summaries(this.clock.epochNs);
  }

  /** Files of an endless capture that were let go: numbers of those in `files` count on from there. */
  get filesGone(): number {
    return this.#files.goneCount;
  }

  /** How the records of a file are to be read again. */
  fileFormat(file: number): CaptureFormat {
    return this.#files.format(file);
  }

  /** LINKTYPE_ of the packets of an interface, by its number in the file's packets. */
  linkType(file: number, interfaceId: number): number {
    return this.#files.linkType(file, interfaceId);
  }

  interfaceName(file: number, interfaceId: number): string | undefined {
    return this.#files.interfaceName(file, interfaceId);
  }

  /** The interfaces that a file was captured at, as it says. */
  interfacesOf(file: number): readonly InterfaceInfo[] {
    return this.#files.interfaces(file);
  }

  /** Packets that the capturing machine says it lost in a file, by who lost them; null where it does not say. */
  lossesOf(file: number): { readonly kernel: number | null; readonly interface: number | null } {
    return this.#files.losses(file);
  }

  /** Time of the earliest packet; 0 before there is one. */
  get firstNs(): number {
    return this.#files.firstNs;
  }

  summary(): CaptureSummary {
    return this.#totals.summary();
  }

  /**
   * @param ids judged resets in capture order
   * @param isWhole they are all that are known: those that were let go are counted, too
   */
  overview(ids: Uint32Array, buckets: number, isWhole = true): Overview {
    return finish(this.overviewSteps(ids, buckets, isWhole));
  }

  /** @param ids, isWhole as for `overview` @param limit findings listed at most @param from findings before those */
  findings(ids: Uint32Array, limit: number, isWhole = true, from = 0): Findings {
    return finish(this.findingSteps(ids, limit, isWhole, from));
  }

  // The same with rests in between. Resets of an endless capture may be let go while others have their turn, so that those answers do not
  // rest; few are kept of one.

  overviewSteps(ids: Uint32Array, buckets: number, isWhole: boolean): Steps<Overview> {
    return this.#resting(this.#totals.overview(ids, buckets, isWhole));
  }

  findingSteps(ids: Uint32Array, limit: number, isWhole: boolean, from: number): Steps<Findings> {
    return this.#resting(this.#totals.findings(ids, limit, isWhole, from));
  }

  *#resting<T>(steps: Steps<T>): Steps<T> {
    return this.isBounded ? finish(steps) : yield* steps;
  }

  /** A filter has read further: lists through it are to be asked for again, and nothing else has changed. */
  noteLooked(): void {
    this.revision++;
    this.#looks++;
  }

  /** Grows with every change of what is told of packets, flows and resets. */
  get toldRevision(): number {
    return this.revision - this.#looks;
  }

  // ── answers about flows and packets ─────────────────────────────────────────────────────────────────────

  /** Records of the flows that are still known, ascending. */
  liveFlows(): Uint32Array {
    return this.flows.liveRecords();
  }

  flowRow(flow: FlowRecord): FlowRow {
    return this.flowView.row(flow);
  }

  packetRow(packet: PacketNumber): PacketRow {
    return packetRow(this, packet);
  }

  /** Numbers of the flow's packets in capture order. */
  flowPackets(flow: FlowRecord): Uint32Array {
    return packetsOfFlow(this.packets, this.flowView, flow);
  }

  /** What the file itself says of packets, in their order. */
  get comments(): Pick<PacketComments, 'get' | 'all' | 'count'> {
    return this.#comments;
  }

  // ── answers about resets ────────────────────────────────────────────────────────────────────────────────

  /** Whether that reset is judged and still known. */
  hasReset(id: number): boolean {
    return this.resetView.has(id);
  }

  /** Judged resets that are still known, in capture order. */
  resetIds(): Uint32Array {
    return this.resetView.ids();
  }

  /** The same with all records of resets that several captures hold. */
  resetSightings(): Uint32Array {
    return this.resetView.sightings();
  }

  resetRow(reset: number): ResetRow {
    return this.resetView.row(reset);
  }

  /** Frame in its file and time of all resets that one stands for, in capture order; of one whose packets are kept. */
  resetMembers(reset: number): { readonly frame: number; readonly timeNs: number }[] {
    return Array.from(this.resets.packets(reset), (packet) => ({
      frame: this.packets.frame(packet as PacketNumber),
      timeNs: this.packets.time(packet as PacketNumber),
    }));
  }

  /** Resets that some stand for. */
  countResets(ids: Uint32Array): number {
    return ids.reduce((sum, id) => sum + this.resetView.members(id), 0);
  }

  /** The whole verdict of one reset. Does not walk its flow, so that reports can ask for all resets. */
  resetAccount(reset: number): ResetAccount {
    return ensure(this.findAccount(reset), `reset ${reset} is not known`);
  }

  /** The same; undefined where the reset or its account was let go. */
  findAccount(reset: number): ResetAccount | undefined {
    return this.#accounts.find(reset)?.account;
  }

  /**
   * The same with the packets around it, and those that the evidence rests on, as far as they are kept.
   * @returns undefined where the reset or its account was let go
   */
  findDetail(reset: number): ResetDetail | undefined {
    return this.#accounts.detail(reset);
  }

  /** `findDetail` of a reset that is known to be there. */
  resetDetail(reset: number): ResetDetail {
    return ensure(this.findDetail(reset), `reset ${reset} is not known`);
  }
}
