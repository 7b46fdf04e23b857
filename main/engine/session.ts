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
import { ensure } from '../../shared/base/assert.ts';
import type {
  CaptureSummary,
  FileSummary,
  LetGo,
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
import { FileState, GoneFiles } from './file-state.ts';
import { FlowTable } from './flow/flow-table.ts';
import { LAST_PACKET, LAST_RESET } from './flow/record.ts';
import { TcpTracker } from './flow/tcp-tracker.ts';
import { makeFindings } from './findings/findings.ts';
import { GoneResets } from './findings/gone-resets.ts';
import { Keeper } from './keeper.ts';
import { LIMITS, LimitCounter } from './limits.ts';
import { letGoWarning, limitWarnings, packetWarnings } from './loss-report.ts';
import { FlowStage } from './flow-stage.ts';
import { CaptureReader } from './read/capture-reader.ts';
import type { KernelEvent } from './read/kernel-event.ts';
import type { InterfaceDrops, InterfaceInfo, PacketSink } from './read/sink.ts';
import { CaptureClock } from './read/sink.ts';
import { ResetJudge } from './reset/judge.ts';
import { resetWords } from './reset/reasons/reset-words.ts';
import type { CaptureView } from './reset/view.ts';
import type { RetentionOptions } from './retention.ts';
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
import type { SettledAccount, SettledReset } from './store/settled-resets.ts';
import { SettledResets } from './store/settled-resets.ts';
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
  readonly packets: PacketIndex;
  readonly flows = new FlowTable(this.limits);
  readonly resets = new ResetLog();
  readonly addresses = new AddressTable(this.flows);
  readonly flowView: FlowView;
  readonly resetView: ResetView;
  readonly icmpErrors: IcmpView;
  readonly verdicts: VerdictColumns;
  readonly witness = new WitnessLog(this.limits, this.clock);
  /** Grows with every change of what queries answer. */
  revision = 0;

  readonly #hints: HintCollector;
  readonly #icmpLog = new IcmpLog(this.limits);
  readonly #retention: RetentionOptions | undefined;
  readonly #keeper: Keeper | undefined;
  readonly #settled = new SettledResets();
  readonly #gone: GoneResets;
  readonly #decode: DecodeStage;
  readonly #flow: FlowStage;
  readonly #judge: ResetJudge;
  /** Resets from here to #sweepTo are to be judged again. */
  #sweep = 0;
  #sweepTo = 0;
  /** The verdicts of resets below this are final. */
  #settledTo = 0;
  /** Resets below this are too old for news about them. */
  #recentFrom = 0;
  /** By number. */
  readonly #files = new Map<number, FileState>();
  #fileCount = 0;
  readonly #filesGone = new GoneFiles();
  readonly #comments = new Map<number, string>();
  readonly #names = new Map<string, string>();
  #reader: CaptureReader | undefined;
  #file: FileState | undefined;
  #timeline = 0;

  /** @param retention bounds an endless capture; without it everything is kept */
  constructor(retention?: RetentionOptions) {
    this.#retention = retention;
    this.packets = new PacketIndex(retention?.chunkPackets);
    this.verdicts = new VerdictColumns(retention !== undefined);
    this.#hints = new HintCollector(this.limits, retention?.maxNames);
    this.#flow = new FlowStage(
      this.packets,
      this.flows,
      new TcpTracker(this.packets),
      this.resets,
      this.addresses,
      this.#hints,
      this.#icmpLog,
    );
    const batch = new PacketBatch(new ArrayBuffer(BATCH_BYTES), 0);
    this.#decode = new DecodeStage(new Decoder(this.limits), this.flows.seed, batch, (full) => {
      this.takeBatch(full);
      full.count = 0;
      return full;
    });
    this.#judge = new ResetJudge(this);
    this.flowView = new FlowView(this.flows, this.packets, this);
    this.icmpErrors = new IcmpView(this.#icmpLog, this.packets, this.flowView);
    const label = (reset: number): string => this.#judge.label(reset);
    this.resetView = new ResetView(
      this.resets,
      this.packets,
      this.flowView,
      this,
      this.verdicts,
      this.#settled,
      label,
    );
    const mostPinned = Math.floor((retention?.maxResets ?? 0) / 2);
    this.#gone = new GoneResets(this.resetView, this.verdicts, this.limits, mostPinned);
    if (retention !== undefined) {
      const { packets, flows, addresses, resets } = this;
      const stores = { packets, flows, addresses, resets, hints: this.#hints, icmpErrors: this.#icmpLog };
      this.#keeper = new Keeper(retention, stores, (packet, ns) => this.#settle(packet, ns));
    }
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
    const number = this.#fileCount++;
    this.packets.startFile(number);
    this.#file = new FileState(path, compression, this.#timeline);
    this.#files.set(number, this.#file);
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
    if (this.#keeper?.makeRoom(this.#current.times.last) === true) this.#noteLetGo();
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
    const letGo = this.#letGo();
    if (letGo !== null) file.warn(letGoWarning(letGo));
    this.#reader = undefined;
    this.#file = undefined;
    this.reconsider();
    this.revision++;
  }

  /** Trouble that only the host sees: a read error, a damaged compressed stream. */
  warn(warning: ReadWarning): void {
    (this.#file ?? this.#files.get(this.#fileCount - 1))?.warn(warning);
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
    return this.#files.get(file)?.timeline ?? -1;
  }

  clockStepNs(file: number): number {
    return this.#files.get(file)?.clockStepNs ?? 1;
  }

  serverName(flow: number): string {
    return this.#hints.hints(flow)?.serverName ?? this.name(this.flowView.address(flow, 1)) ?? '';
  }

  application(flow: number): string {
    return this.#hints.hints(flow)?.protocol ?? '';
  }

  // ── answers ─────────────────────────────────────────────────────────────────────────────────────────────

  /** Judges resets for about `budgetMs`, new ones first; true when none is left to judge. */
  judgeFor(budgetMs: number, now: () => number): boolean {
    const deadline = now() + budgetMs;
    const { verdicts, resets } = this;
    // What was settled since is not judged again, and may be gone.
    this.#sweep = Math.max(this.#sweep, this.#settledTo);
    while (verdicts.count < resets.count || this.#sweep < this.#sweepTo) {
      const isNew = verdicts.count < resets.count;
      const from = isNew ? verdicts.count : this.#sweep;
      const end = Math.min(isNew ? resets.count : this.#sweepTo, from + JUDGE_SLICE);
      for (let id = from; id < end; id++) verdicts.set(id, this.#judge.classify(id));
      if (!isNew) this.#sweep = end;
      if (now() >= deadline) break;
    }
    return verdicts.count === resets.count && this.#sweep >= this.#sweepTo;
  }

  /**
   * Has verdicts made again, in the light of what was read since. Those made so far stand until then.
   * @param recentOnly only those about which evidence is still to be expected: an endless capture costs no more by the hour
   */
  reconsider(recentOnly = this.isBounded): void {
    this.#sweep = this.#settledTo;
    this.#sweepTo = this.verdicts.count;
    if (recentOnly) this.#sweep = Math.max(this.#sweep, this.#firstRecent());
    this.#judge.invalidate();
  }

  #firstRecent(): number {
    const since = this.lastNs - (this.#retention?.settleSeconds ?? 0) * 1e9;
    this.#recentFrom = Math.max(this.#recentFrom, this.#settledTo);
    while (this.#recentFrom < this.resets.count && this.resetView.time(this.#recentFrom) < since)
      this.#recentFrom++;
    return this.#recentFrom;
  }

  // ── letting go ──────────────────────────────────────────────────────────────────────────────────────────

  /** Makes the verdicts of resets final whose packet lies below `belowPacket`, or that are older than `beforeNs`. */
  #settle(belowPacket: number, beforeNs: number): void {
    let isFirst = true;
    let noise = 0;
    for (; this.#settledTo < this.resets.count; this.#settledTo++) {
      const id = this.#settledTo;
      const packet = this.resetView.packet(id);
      if (packet >= belowPacket && this.packets.time(packet) >= beforeNs) return;
      if (isFirst) this.#judge.invalidate();
      isFirst = false;
      const verdict = this.#judge.classify(id);
      this.verdicts.set(id, verdict);
      const hasAccount = verdict.matters || noise++ < (this.#retention?.maxNoiseAccounts ?? 0);
      this.#settled.add(this.#settledReset(id, hasAccount));
      this.#letGoOfResets();
    }
  }

  #settledReset(id: number, hasAccount: boolean): SettledReset {
    const { resetView, flowView } = this;
    const account = this.#freshAccount(id);
    const { row, verdict } = account;
    const flow = resetView.flow(id);
    const told: SettledAccount = { account, hints: this.hints(flow) ?? null };
    return {
      id,
      file: row.file,
      frame: row.frame,
      timeNs: row.timeNs,
      flow: row.flow,
      claimed: resetView.claimed(id),
      clientAddress: flowView.address(flow, 0),
      endpoints: [row.client, row.server],
      endpointKeys: [flowView.endpointKey(flow, 0), flowView.endpointKey(flow, 1)],
      serverName: row.serverName,
      label: row.label,
      next: verdict.next,
      matters: verdict.matters,
      account: hasAccount ? JSON.stringify(told) : null,
    };
  }

  #letGoOfResets(): void {
    const most = this.#retention?.maxResets ?? Infinity;
    while (this.#settled.size > most) {
      const next = this.#settled.nextToGo();
      if (next === undefined) return;
      for (const id of this.#gone.take(next, (reset) => this.#describe(reset))) {
        this.#settled.delete(id);
        this.verdicts.release(id);
      }
    }
  }

  /** What goes with packets, besides flows and resets. */
  #noteLetGo(): void {
    const { oldest, next } = this.packets;
    // Numbers that began anew mean other packets.
    if (next === 0) this.#comments.clear();
    for (const packet of this.#comments.keys()) {
      if (packet >= oldest) break;
      this.#comments.delete(packet);
    }
    const firstFile = this.packets.holds(oldest) ? this.packets.file(oldest) : this.#fileCount - 1;
    for (const [number, file] of this.#files) {
      if (number >= firstFile || file === this.#file) break;
      this.#filesGone.add(file);
      this.#files.delete(number);
    }
    // It may hold on to what is gone.
    this.#judge.invalidate();
  }

  #letGo(): LetGo | null {
    const { gone: packets } = this.packets;
    const flows = this.#keeper?.flowsGone ?? 0;
    if (packets === 0 && flows === 0) return null;
    return {
      packets,
      flows,
      resets: this.#gone.count,
      findings: this.#gone.groupsGone,
      files: this.#filesGone.count,
    };
  }

  /** Whether that reset is judged and still known. */
  hasReset(id: number): boolean {
    return this.#settled.get(id) !== undefined || (id >= this.#settledTo && id < this.verdicts.count);
  }

  /** Judged resets that are still known, in capture order. */
  resetIds(): Uint32Array {
    const open = this.verdicts.count - this.#settledTo;
    const ids = new Uint32Array(this.#settled.size + open);
    let at = 0;
    for (const id of this.#settled.ids()) ids[at++] = id;
    for (let i = 0; i < open; i++) ids[at++] = this.#settledTo + i;
    return ids;
  }

  /** Flows that are still known, as the engine numbers them, in order of their records. */
  liveFlows(): Uint32Array {
    const { flows } = this;
    const live = new Uint32Array(flows.live);
    let at = 0;
    for (let flow = 0; flow < flows.records; flow++) if (flows.isLive(flow)) live[at++] = flow;
    return live;
  }

  /** Whether things are let go while the capture goes on. */
  get isBounded(): boolean {
    return this.#retention !== undefined;
  }

  #describe(reset: number): { readonly label: string; readonly next: string } {
    const settled = this.#settled.get(reset);
    if (settled !== undefined) return settled;
    const { origin, next } = this.#judge.judge(reset);
    return { label: origin.label, next };
  }

  get files(): readonly FileSummary[] {
    return [...this.#files.values()].map((file) => file.summary(this.clock.epochNs));
  }

  get firstNs(): number {
    if (this.packets.count === 0) return 0;
    let first = this.#filesGone.firstNs;
    for (const { times } of this.#files.values()) first = Math.min(first, times.first);
    return first;
  }

  get lastNs(): number {
    if (this.packets.count === 0) return 0;
    let last = this.#filesGone.lastNs;
    for (const { times } of this.#files.values()) last = Math.max(last, times.last);
    return last;
  }

  summary(): CaptureSummary {
    let { matters } = this.#gone;
    for (const id of this.resetIds()) matters += this.verdicts.matters[this.verdicts.at(id)];
    let dropped: number | null = this.#filesGone.dropped ?? null;
    for (const file of this.#files.values()) {
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
      letGo: this.#letGo(),
    };
  }

  /**
   * @param ids judged resets in capture order
   * @param isWhole they are all that are known: those that were let go are counted, too
   */
  overview(ids: Uint32Array, buckets: number, isWhole = true): Overview {
    const gone = isWhole ? this.#gone : undefined;
    // Some may have been let go since they were listed.
    const known = this.isBounded ? ids.filter((id) => this.hasReset(id)) : ids;
    return {
      ...countResets(known, this.resetView, this.verdicts, this.firstNs, this.lastNs, buckets, gone),
      findings: this.findings(known, LIMITS.maxOverviewFindings, isWhole),
      icmpErrors: this.icmpErrors.summary(),
    };
  }

  /** @param ids, isWhole as for `overview` @param limit findings listed at most */
  findings(ids: Uint32Array, limit: number, isWhole = true): Findings {
    const { resetView, verdicts } = this;
    const describe = (reset: number) => this.#describe(reset);
    const gone = isWhole ? this.#gone.groups : undefined;
    return makeFindings(ids, { resets: resetView, verdicts, describe }, limit, gone);
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
    while (id >= this.resets.first) {
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
    return ensure(this.findAccount(reset), `reset ${reset} is not known`);
  }

  /** The same; undefined where the reset or its account was let go. */
  findAccount(reset: number): ResetAccount | undefined {
    return this.#findAccount(reset)?.account;
  }

  #findAccount(
    reset: number,
  ): { readonly account: ResetAccount; readonly hints: FlowHints | null } | undefined {
    if (this.#settled.get(reset) !== undefined) return this.#settledAccount(reset);
    if (reset < this.#settledTo || reset >= this.resets.count) return undefined;
    const account = this.#freshAccount(reset);
    return { account, hints: this.hints(this.resetView.flow(reset)) ?? null };
  }

  /** Of a reset whose verdict is final; undefined where it is not, or where the account was not kept. */
  #settledAccount(reset: number): SettledAccount | undefined {
    const text = this.#settled.get(reset)?.account ?? null;
    return text === null ? undefined : (JSON.parse(text) as SettledAccount);
  }

  #freshAccount(reset: number): ResetAccount {
    const verdict = this.#judge.judge(reset);
    const witness = this.#judge.kernelWitness;
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
      witness,
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

  /**
   * The same with the packets around it, and those that the evidence rests on, as far as they are kept.
   * @returns undefined where the reset or its account was let go
   */
  findDetail(reset: number): ResetDetail | undefined {
    const found = this.#findAccount(reset);
    if (found === undefined) return undefined;
    const { account, hints } = found;
    return { ...account, hints, packets: reset >= this.resets.first ? this.#context(reset, account) : [] };
  }

  /** `findDetail` of a reset that is known to be there. */
  resetDetail(reset: number): ResetDetail {
    return ensure(this.findDetail(reset), `reset ${reset} is not known`);
  }

  #context(reset: number, account: ResetAccount): readonly PacketRow[] {
    const packet = this.resetView.packet(reset);
    const all = this.flowPackets(this.resetView.flow(reset));
    const shown = new Set<number>(account.evidence.flatMap((evidence) => evidence.packets));
    const at = all.indexOf(packet);
    for (let i = Math.max(0, at - CONTEXT_BEFORE); i <= Math.min(all.length - 1, at + CONTEXT_AFTER); i++) {
      shown.add(all[i]);
    }
    shown.add(packet);
    // The handshake shows who is who; it is worth its three rows wherever the reset is.
    for (let i = 0; i < Math.min(HANDSHAKE_PACKETS, all.length); i++) shown.add(all[i]);
    return [...shown]
      .filter((number) => this.packets.holds(number))
      .sort((a, b) => a - b)
      .map((number) => this.packetRow(number));
  }
}
