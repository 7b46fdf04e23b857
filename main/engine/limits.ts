/**
 * Every limit of the engine, by name. A capture is hostile input: each loop and each buffer is bounded by one of
 * these, each hit is counted (`LimitCounter`) and shown as a warning `limit-reached`.
 */
export const LIMITS = {
  /** Longest pcap record or pcapng packet that is believed, bytes. Linux's own maximum is 256 KiB. */
  maxRecordBytes: 16 * 1024 * 1024,
  /** Longest pcapng block that is buffered when it straddles chunks, bytes. Longer ones are skipped. */
  maxBlockBytes: 32 * 1024 * 1024,
  /** Bytes searched for the next plausible record after a corrupt one. */
  maxResyncBytes: 16 * 1024 * 1024,
  /** Interfaces of one section of a file, and interfaces of the file that differ in what is said of them. */
  maxInterfaces: 4096,
  maxInterfacesOfFile: 16_384,
  /** pcapng options read per block. */
  maxOptionsPerBlock: 256,
  /** Longest text kept of a name, comment or description, UTF-8 bytes. */
  maxTextBytes: 4096,
  /** Packet comments kept. */
  maxComments: 100_000,
  /** Names kept from name resolution blocks and DNS answers. */
  maxNames: 200_000,
  /** What the kernel said of resets: events kept (the oldest go), and times in which it was watched. */
  maxWitnessEvents: 131_072,
  maxWatches: 1024,
  /** Addresses of the capturing machine, and sockets of which the owner is kept (the oldest go). */
  maxOwnAddresses: 1024,
  maxSocketOwners: 50_000,
  /** Different reasons and program names of a witness, each kept once. */
  maxWitnessTexts: 4096,
  /** Warnings kept one by one; further ones are only counted. */
  maxWarnings: 200,
  /** Encapsulations opened in one packet (VLAN tags, MPLS labels and tunnels counted together). */
  maxEncapsulation: 16,
  /** IPv6 extension headers walked in one packet. */
  maxExtensionHeaders: 12,
  /** Tags walked in the header of one tunnel. */
  maxTunnelTags: 64,
  /** Values of one field in one packet, and lines of the tree that people see of it. */
  maxFieldOccurrences: 4096,
  maxDetailNodes: 20_000,
  /** Kinds of what could not be opened that are told one by one for a file; those beyond are counted together. */
  maxNotOpenedKinds: 32,
  /** IP datagrams under reassembly at once, and bytes of one. */
  maxFragmentedDatagrams: 64,
  maxDatagramBytes: 65_535 + 40,
  /** Packets kept in the index. The columns use 32-bit packet numbers. */
  maxPackets: 0xffff_fff0,
  /** Bytes that index and flows' heads take of memory, as far as chunks of the index can go to a file, where there is room for one. */
  maxIndexBytes: 256 * 1024 * 1024,
  /** Flows kept in the table. */
  maxFlows: 40_000_000,
  /** Bytes held by one on-demand stream reassembly, and segments held out of order. */
  maxReassemblyBytes: 64 * 1024 * 1024,
  maxReassemblySegments: 200_000,
  /** Payload of a reset that is kept for its text, bytes. */
  maxResetPayloadBytes: 256,
  /** Bytes of flows' sides that are kept in memory likewise. */
  maxSidesBytes: 32 * 1024 * 1024,
  /** Flows with application hints (SNI, request line …) in memory, and how many there are before some go to the file likewise. */
  maxHintedFlows: 1_000_000,
  maxWarmHints: 100_000,
  /** Longest text of one hint (request target, banner …), characters. */
  maxHintText: 256,
  /** A ClientHello that spans segments: bytes kept of one, and hellos kept incomplete at once. */
  maxHelloBytes: 16 * 1024,
  maxPendingHellos: 64,
  /** Records walked in one DNS message. */
  maxDnsRecords: 256,
  /** Ranges apart from each other that are kept of one direction of a stream; what lies behind more of them is left out. */
  maxStreamIslands: 16_384,
  /** Bytes of one flow that one search looks through. */
  maxSearchedBytes: 1024 * 1024 * 1024,
  /** Conflicting overlaps of one reassembled stream that are kept one by one. */
  maxStreamConflicts: 256,
  /** Resets of one flow that are told one by one; further ones are told as bursts, and open bursts of one flow. */
  maxResetsOfFlow: 64,
  maxBurstsOfFlow: 32,
  /** Resets of a running capture that wait for their verdict; the oldest of those that come in floods are given up. */
  maxWaitingResets: 16_384,
  /** Packets walked in a flow around a reset when it is judged. */
  maxJudgedPackets: 4096,
  /** Packets of one flow that a list shows: the newest ones. */
  maxListedPackets: 1_000_000,
  /** Segments of one side that wait for their acknowledgement while round trips are taken; the oldest go. */
  maxUnackedSegments: 4096,
  /** Findings of one report, and those of them that the overview lists. */
  maxFindings: 1000,
  maxOverviewFindings: 100,
  /** ICMP errors kept for the list beside the resets. */
  maxIcmpErrors: 100_000,
  /** Packets walked of a flow that looks as if it failed: the newest ones. */
  maxEndingPackets: 4096,
  /** Flows of one address that are asked about one that failed: the newest ones. */
  maxEndingNeighbours: 512,
  /** Failures without a reset that are kept one by one; more are counted and grouped. */
  maxFailures: 10_000,
  /** Flows of one address that teach its emitters. */
  maxEmitterFlows: 200,
  /** Connections of one service whose ends and silences are held against those of another one. */
  maxComparedFlows: 64,
  /** Flows of one address that make the history of its services, and of a client that tell scans. */
  maxServiceFlows: 50_000,
  /** Flows with one client port that are looked at for tries and twins of a connection. */
  maxFlowsOfPort: 256,
  /** Flows of one address that are looked at for twins under other ports. */
  maxFlowsOfHost: 64,
  /** Flows made right before and after one that are looked at for the other address of its client's attempt. */
  maxNeighbourFlows: 128,
  /** Captures that are tried against each other for the same traffic, each with each: the first of those that were opened. */
  maxJoinedVantages: 128,
  /** Flows of one vantage with one key that are tried as the twin of a flow of another. */
  maxJoinCandidates: 8,
  /** How often the packets of one flow are held against those of flows of another vantage. */
  maxJoinTries: 32,
  /** Connections of one vantage whose clients began with one number before it counts as no name of theirs. */
  maxSharedNumber: 4,
  /** Newest packets of a flow that are held against another one's to tell whether both are one connection. */
  maxPairedPackets: 16_384,
  /** Packets kept of a file's begin and end to tell whether another file has the same ones. */
  maxTrafficSample: 65_536,
  /** Packets of a flow without handshake that are looked for among those of other captures. */
  maxSampledPackets: 256,
  /** Bytes of interfaces' options that are kept of one section of a file while it is copied. */
  maxCopiedInterfaceBytes: 4 * 1024 * 1024,
} as const;

export type LimitName = keyof typeof LIMITS;

/** Counts how often each limit was hit, so that nothing is lost in silence. */
export class LimitCounter {
  readonly #hits = new Map<LimitName, number>();
  readonly #reported = new Map<LimitName, number>();

  hit(name: LimitName, times = 1): void {
    this.#hits.set(name, (this.#hits.get(name) ?? 0) + times);
  }

  count(name: LimitName): number {
    return this.#hits.get(name) ?? 0;
  }

  /** What was hit since the last call. */
  takeNew(): readonly (readonly [LimitName, number])[] {
    const news: (readonly [LimitName, number])[] = [];
    for (const [name, hits] of this.#hits) {
      const before = this.#reported.get(name) ?? 0;
      if (hits > before) news.push([name, hits - before]);
      this.#reported.set(name, hits);
    }
    return news;
  }

  entries(): readonly (readonly [LimitName, number])[] {
    return [...this.#hits.entries()];
  }
}
