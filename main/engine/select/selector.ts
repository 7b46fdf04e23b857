/**
 * Answers filters with the packets that pass: keeps what was answered, and brings it up to date when more is known.
 *
 *   filter ──▶ Selection ──▶ leaves, which filters share ──▶ columns, flows, verdicts
 *                  └── what is open ──▶ ByteAnswers, fed with packets' bytes by the host
 */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type { FilterNode } from '../../../shared/filter/ast.ts';
import { NO_REGEX, type RegexEngine } from '../../../shared/filter/evaluate.ts';
import { patternsOf } from '../../../shared/filter/patterns.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import { Turns } from '../../../shared/base/turns.ts';
import type { Breathe } from '../answers/ordering.ts';
import type { FieldInfo, FieldValue } from '../../../shared/fields/field.ts';
import type { FrameBytes } from '../dissect/context.ts';
import { ByteAnswers } from './byte-answers.ts';
import { PacketValues } from './packet-values.ts';
import { loadRegex } from './regex.ts';
import { Leaf, type LeafSources } from './leaf.ts';
import { type LeafNode, leafKey } from './nodes.ts';
import { Selection } from './selection.ts';
import type { SelectStores } from './stores.ts';
import { TcpBases } from './tcp-bases.ts';

/** Filters kept: the few that a person switches between, and those that their lists are searched with. */
const MAX_SELECTIONS = 12;

const selectors = new WeakMap<SelectStores, Selector>();

/** The one of a session, made when its first filter is asked: what is never filtered does not load this. */
export function selectorOf(stores: SelectStores): Selector {
  let selector = selectors.get(stores);
  if (selector === undefined) selectors.set(stores, (selector = new Selector(stores)));
  return selector;
}

class Selector {
  readonly #stores: SelectStores;
  readonly #from: LeafSources;
  readonly #bases: TcpBases;
  readonly #joins: Joins;
  readonly #kept = new Map<string, Selection>();
  /** One filter is answered after the other: leaves are shared. */
  readonly #turns = new Turns();
  /** Loaded with the first filter that has an expression. */
  #regex: RegexEngine = NO_REGEX;
  /** Numbers of packets begin anew when an endless capture has used them up. */
  #next = 0;

  constructor(stores: SelectStores) {
    this.#stores = stores;
    const { packets, flows, clock } = stores;
    this.#bases = new TcpBases(packets, flows);
    this.#joins = new Joins(stores);
    this.#from = {
      stores,
      packets: { packets, flows, clock, bases: this.#bases },
      joined: this.#joins,
      regex: () => this.#regex,
    };
  }

  /**
   * What passes a filter, as far as it is known without the bytes.
   * @param text names it: the same text is the same filter
   */
  select(text: string, node: FilterNode, breathe: Breathe): Promise<Selection> {
    return this.#turns.take(async () => {
      if (patternsOf(node).length > 0) this.#regex = await loadRegex();
      if (this.#stores.packets.next < this.#next) this.#kept.clear();
      this.#next = this.#stores.packets.next;
      this.#joins.renew();
      while (this.#bases.takeChunk()) await breathe();
      const selection = this.#kept.get(text) ?? this.#make(node);
      this.#kept.delete(text);
      this.#kept.set(text, selection);
      for (const oldest of this.#kept.keys()) {
        if (this.#kept.size <= MAX_SELECTIONS) break;
        this.#kept.delete(oldest);
      }
      await selection.update(breathe);
      return selection;
    });
  }

  #make(node: FilterNode): Selection {
    const known = new Map<string, Leaf>();
    for (const { leaves } of this.#kept.values()) for (const leaf of leaves) known.set(leaf.key, leaf);
    return new Selection(node, this.#stores.packets, this.#regex, (one: LeafNode) => {
      const key = leafKey(one);
      let leaf = known.get(key);
      if (leaf === undefined) {
        leaf = new Leaf(one, this.#from);
        known.set(key, leaf);
      }
      return leaf;
    });
  }

  /** For feeding what a selection has left open. */
  byteAnswers(selection: Selection): ByteAnswers {
    return new ByteAnswers(selection, this.#from);
  }

  /**
   * Reads the values of fields out of packets that are given in their order: what filters see of them.
   * @returns a function that takes a packet, with its bytes where they are there, and answers fields
   */
  fieldReader(
    names: readonly string[],
  ): (packet: PacketNumber, frame: FrameBytes | undefined) => (field: FieldInfo) => readonly FieldValue[] {
    const values = new PacketValues(names, this.#from);
    return (packet, frame) => {
      values.read(packet, frame);
      return values.values;
    };
  }

  get sources(): LeafSources {
    return this.#from;
  }
}

/** Which packets are judged resets and which flows failed: looked up once for each revision, when somebody asks. */
class Joins {
  readonly #stores: SelectStores;
  #revision = -1;
  #resets: Map<number, number> | undefined;
  #failures: Map<FlowId, FailureRow> | undefined;

  constructor(stores: SelectStores) {
    this.#stores = stores;
  }

  renew(): void {
    const { toldRevision: revision } = this.#stores;
    if (revision === this.#revision) return;
    this.#revision = revision;
    this.#resets = undefined;
    this.#failures = undefined;
  }

  readonly resetOf = (packet: PacketNumber): number | undefined => {
    if (this.#resets === undefined) {
      this.#resets = new Map();
      const { resets, join } = this.#stores;
      for (const id of this.#stores.resetIds()) {
        if (id < resets.first) continue;
        for (const record of join.records(id))
          for (const one of resets.packets(record)) this.#resets.set(one, id);
      }
    }
    return this.#resets.get(packet);
  };

  readonly failureOf = (flow: FlowRecord): FailureRow | undefined => {
    this.#failures ??= new Map(this.#stores.failures.accounts().map(({ row }) => [row.id as FlowId, row]));
    return this.#failures.get(this.#stores.flows.id(flow));
  };
}
