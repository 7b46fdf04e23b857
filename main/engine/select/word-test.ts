/**
 * Whether a word stands in the text of a flow or reset, without that text: free words are asked of every flow and every reset, and
 * what they say is made of few parts. Addresses, ports, causes, patterns of labels and the words of vocabularies are each asked once.
 *
 * What passes is exactly what the reference evaluator lets pass; whatever has no short way here is asked as text.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { addressText, ipv4Text } from '../../../shared/format/address.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import { META, PORTS, ipVersionOf, isTcp } from '../flow/record.ts';
import type { LeafNode } from './nodes.ts';
import type { SelectStores } from './stores.ts';

/** Answers of one kind that are remembered; beyond, they are forgotten and asked again. */
const MAX_REMEMBERED = 70_000;
const PORT_NUMBERS = 65_536;
/** What the text of an endpoint is written with. */
const OF_ENDPOINTS = /^[0-9a-f.:[\]]*$/u;
/** What stands in the text of an endpoint only outside of an IPv4 address and of ports. */
const AROUND_PORT = /[:[\]]/u;

/** A word that one text has to hold. */
interface Word {
  readonly text: string;
  /** Texts are made lower case before. */
  readonly isFolded: boolean;
}

/** The word that a leaf looks for in any of its field's texts; undefined for leaves that ask something else, or for no word at all. */
export function wordOf(leaf: LeafNode): Word | undefined {
  if (leaf.kind !== 'contains' || leaf.quantifier !== 'any') return undefined;
  const { left, right } = leaf;
  if (right.kind !== 'literal' || typeof right.value !== 'string' || right.value === '') return undefined;
  if (left.kind === 'field') return { text: right.value, isFolded: false };
  const isLower = left.kind === 'call' && left.name === 'lower' && left.args[0].kind === 'field';
  return isLower ? { text: right.value, isFolded: true } : undefined;
}

/** By field: whether a flow has the word. */
const OF_FLOWS: Readonly<Record<string, (test: WordTest, flow: FlowRecord) => boolean>> = {
  'flow.client': (test, flow) => test.endpoint(flow, 0),
  'flow.server': (test, flow) => test.endpoint(flow, 1),
  'flow.text': (test, flow) => test.flow(flow),
};

/** By field: whether a reset has the word. */
const OF_RESETS: Readonly<Record<string, (test: WordTest, id: number) => boolean>> = {
  'rst.label': (test, id) => test.label(id),
  'rst.text': (test, id) => test.cause(id) || test.label(id),
};

export function flowWordTest(
  stores: SelectStores,
  leaf: LeafNode,
  field: string,
): ((flow: FlowRecord) => boolean) | undefined {
  const word = Object.hasOwn(OF_FLOWS, field) ? wordOf(leaf) : undefined;
  if (word === undefined) return undefined;
  const test = new WordTest(stores, word);
  return (flow) => OF_FLOWS[field](test, flow);
}

export function resetWordTest(
  stores: SelectStores,
  leaf: LeafNode,
  field: string,
): ((id: number) => boolean) | undefined {
  const word = Object.hasOwn(OF_RESETS, field) ? wordOf(leaf) : undefined;
  if (word === undefined) return undefined;
  const test = new WordTest(stores, word);
  return (id) => OF_RESETS[field](test, id);
}

/** How a word is found in the text of an IPv4 endpoint, which has one colon. */
interface EndpointTest {
  readonly address: (text: string) => boolean;
  readonly port: (text: string) => boolean;
  /** Whether both have to hold, or one of them. */
  readonly isBoth: boolean;
}

/** @returns undefined where no such endpoint has the word */
function endpointTest(word: string): EndpointTest | undefined {
  if (!OF_ENDPOINTS.test(word)) return undefined;
  const halves = word.split(':');
  if (halves.length === 1) {
    return { address: (text) => text.includes(word), port: (text) => text.includes(word), isBoth: false };
  }
  if (halves.length > 2) return undefined;
  const [before, after] = halves;
  return { address: (text) => text.endsWith(before), port: (text) => text.startsWith(after), isBoth: true };
}

class WordTest {
  readonly #stores: SelectStores;
  readonly #word: Word;
  readonly #endpoint: EndpointTest | undefined;
  readonly #isOfEndpoints: boolean;
  readonly #isAroundPort: boolean;
  readonly #texts = new Remembered<string>();
  /** By IPv4 address, signed. */
  readonly #addresses = new Remembered<number>();
  readonly #labels = new Remembered<number>();
  /** By port. A word that is looked for around the port of IPv6 endpoints is not asked of their ports alone. */
  readonly #ports = new Answers(PORT_NUMBERS);
  readonly #causes = new Answers(CAUSE_CODES.length);

  constructor(stores: SelectStores, word: Word) {
    this.#stores = stores;
    this.#word = word;
    this.#endpoint = endpointTest(word.text);
    this.#isOfEndpoints = OF_ENDPOINTS.test(word.text);
    this.#isAroundPort = AROUND_PORT.test(word.text);
  }

  /** As `flow.text` has it. */
  flow(flow: FlowRecord): boolean {
    const stores = this.#stores;
    return (
      this.endpoint(flow, 0) ||
      this.endpoint(flow, 1) ||
      this.#text(stores.serverName(flow)) ||
      this.#text(stores.application(flow)) ||
      this.#text(stores.flowView.state(flow)) ||
      this.#text(isTcp(stores.flows.word(flow, META)) ? 'tcp' : 'udp') ||
      this.#text(stores.flowView.marks(flow).join(', '))
    );
  }

  endpoint(flow: FlowRecord, side: 0 | 1): boolean {
    // Texts of endpoints have no upper case.
    if (!this.#isOfEndpoints) return false;
    const { flows } = this.#stores;
    const words = flows.addressWords(flow);
    const from = flows.addressAt(flow, side);
    const ports = flows.word(flow, PORTS);
    const port = side === 0 ? ports >>> 16 : ports & 0xffff;
    const version = ipVersionOf(flows.word(flow, META));
    if (version !== 4) {
      const address = addressText(words, from, version);
      if (this.#isAroundPort) return endpointText(address, port).includes(this.#word.text);
      return this.#port(port, (text) => text.includes(this.#word.text)) || address.includes(this.#word.text);
    }
    const test = this.#endpoint;
    if (test === undefined) return false;
    const isPort = this.#port(port, test.port);
    if (isPort !== test.isBoth) return isPort;
    return this.#addresses.answer(words[from] | 0, (address) => test.address(ipv4Text(address)));
  }

  #port(port: number, test: (text: string) => boolean): boolean {
    return this.#ports.answer(port, (one) => test(String(one)));
  }

  cause(id: number): boolean {
    const { verdicts } = this.#stores;
    return this.#causes.answer(verdicts.cause[verdicts.at(id)], (index) => {
      const code = CAUSE_CODES[index];
      return this.#holds(code) || this.#holds(code.replaceAll('-', ' '));
    });
  }

  label(id: number): boolean {
    const { resetView, flows, verdicts } = this.#stores;
    if (resetView.labelPattern(id) === undefined) return this.#holds(resetView.label(id));
    const flow = resetView.flow(id);
    if (ipVersionOf(flows.word(flow, META)) !== 4) return this.#holds(resetView.label(id));
    const side = resetView.claimed(id);
    const address = flows.addressWords(flow)[flows.addressAt(flow, side)] >>> 0;
    // A pattern, a side and an address make the label, and fit in the integers of a double.
    const key = (verdicts.pattern[verdicts.at(id)] * 2 + side) * 2 ** 32 + address;
    return this.#labels.answer(key, () => this.#holds(resetView.label(id)));
  }

  #text(value: string): boolean {
    return this.#texts.answer(value, (text) => this.#holds(text));
  }

  #holds(text: string): boolean {
    return (this.#word.isFolded ? text.toLowerCase() : text).includes(this.#word.text);
  }
}

/** Answers to values of any number. */
class Remembered<Key> {
  #known = new Map<Key, boolean>();

  answer(key: Key, ask: (key: Key) => boolean): boolean {
    let answer = this.#known.get(key);
    if (answer !== undefined) return answer;
    answer = ask(key);
    if (this.#known.size >= MAX_REMEMBERED) this.#known = new Map();
    this.#known.set(key, answer);
    return answer;
  }
}

const YES = 1;
const NO = 2;

/** Answers to small numbers. */
class Answers {
  readonly #known: Uint8Array;

  constructor(count: number) {
    this.#known = new Uint8Array(count);
  }

  answer(key: number, ask: (key: number) => boolean): boolean {
    this.#known[key] ||= ask(key) ? YES : NO;
    return this.#known[key] === YES;
  }
}
