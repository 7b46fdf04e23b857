/**
 * Reads what traceroute, tracert, tcptraceroute, mtr --report and mtr --json print. It may come from anywhere: everything is
 * bounded, and only addresses, names and labels are taken from it.
 */
import { addressText, parseAddress } from '../format/address.ts';
import { sanitiseText } from '../format/text.ts';
import type { Hop, HopAnswer, Route } from './route.ts';
import { ROUTE_BOUNDS } from './route.ts';

const LONGEST_NAME = 120;

/** @returns undefined where no hop is in it */
export function parseRoute(text: string): Route | undefined {
  const bounded = text.slice(0, ROUTE_BOUNDS.textLength);
  const trimmed = bounded.trim();
  return trimmed.startsWith('{') ? parseMtrJson(trimmed) : parseLines(trimmed.split(/\r?\n/u));
}

const HEAD = /(?:traceroute6? to|Tracing route to|Tracing the path to)\b/iu;
/** traceroute and tracert: a number, then the rest; mtr: "  1.|-- host" or "  1. host". */
const LINE = /^\s{0,8}(\d{1,3})(?:\.\|--|\.|\s)\s*(\S.*)$/u;
const MPLS = /<MPLS:[^>]{1,120}>|\[MPLS:[^\]]{1,120}\]/gu;

function parseLines(lines: readonly string[]): Route | undefined {
  const hops = new Map<number, HopAnswer[]>();
  let target = '';
  let tool: Route['tool'] = 'traceroute';
  let last = 0;
  for (const line of lines) {
    if (/^HOST:/u.test(line) || /^\s*\d{1,3}\.\|--/u.test(line)) tool = 'mtr';
    if (HEAD.test(line)) {
      tool = /Tracing route to/iu.test(line)
        ? 'tracert'
        : /Tracing the path/iu.test(line)
          ? 'tcptraceroute'
          : 'traceroute';
      target = addressesIn(line)[0]?.address ?? target;
      continue;
    }
    const match = LINE.exec(line);
    const number = match === null ? last : Number(match[1]);
    const rest = match === null ? line.trim() : match[2];
    // A line without number goes on with the answers, or the labels, of the hop before it.
    const isMore =
      match === null && last > 0 && /^\s/u.test(line) && (MPLS.test(line) || addressesIn(rest).length > 0);
    MPLS.lastIndex = 0;
    if ((match === null && !isMore) || number < 1 || number > ROUTE_BOUNDS.hops) continue;
    // Numbers ascend: anything else is no line of hops.
    if (match !== null && number <= last) continue;
    last = number;
    const answers = hops.get(number) ?? [];
    hops.set(number, merged(answers, answersOf(rest)));
  }
  return routeOf(tool, target, hops);
}

function answersOf(text: string): HopAnswer[] {
  const mpls = (text.match(MPLS) ?? [])
    .map((label) => sanitiseText(label.slice(1, -1), LONGEST_NAME))
    .join(' ');
  const found = addressesIn(text.replace(MPLS, ' '));
  if (found.length === 0 && mpls !== '') return [{ address: '', name: '', mpls }];
  return found.map((one, at) => (at === 0 ? { ...one, mpls } : one));
}

/** Addresses of a line with the names before them: "name (address)", "name [address]" or the address alone. */
function addressesIn(line: string): HopAnswer[] {
  const found: HopAnswer[] = [];
  const words = line.split(/\s+/u);
  for (const [at, word] of words.entries()) {
    const wrapped = /^[([]([\da-fA-F:.]+)[)\]][,:]?$/u.exec(word);
    const parsed = parseAddress(wrapped?.[1] ?? word.replace(/,$/u, ''));
    if (parsed === undefined) continue;
    const address = addressText(parsed.words, 0, parsed.family);
    const before = wrapped === null || at === 0 ? '' : words[at - 1];
    const name =
      before === '' || parseAddress(before) !== undefined ? '' : sanitiseText(before, LONGEST_NAME);
    found.push({ address, name, mpls: '' });
  }
  return found;
}

/** Answers of one hop, each address once; a label alone belongs to the answer before it. */
function merged(before: readonly HopAnswer[], more: readonly HopAnswer[]): HopAnswer[] {
  const answers = [...before];
  for (const one of more) {
    const at =
      one.address === '' ? answers.length - 1 : answers.findIndex(({ address }) => address === one.address);
    if (at >= 0) {
      const known = answers[at];
      answers[at] = { ...known, name: known.name || one.name, mpls: known.mpls || one.mpls };
    } else if (one.address !== '' && answers.length < ROUTE_BOUNDS.answers) {
      answers.push(one);
    }
  }
  return answers;
}

function routeOf(
  tool: Route['tool'],
  target: string,
  hops: ReadonlyMap<number, readonly HopAnswer[]>,
): Route | undefined {
  if (hops.size === 0 || Array.from(hops.values()).every((answers) => answers.length === 0)) return undefined;
  const list: Hop[] = Array.from(hops, ([number, answers]) => ({ number, answers }));
  const end = list[list.length - 1];
  // mtr names no address of its target: the last answer is the best that it says.
  const to = target === '' && tool === 'mtr' ? (end.answers[0]?.address ?? '') : target;
  return {
    tool,
    target: to,
    hops: list,
    isComplete: to !== '' && end.answers.some(({ address }) => address === to),
  };
}

function parseMtrJson(text: string): Route | undefined {
  const report = property(parsedJson(text), 'report');
  const hubs = property(report, 'hubs');
  if (!Array.isArray(hubs)) return undefined;
  const hops = new Map<number, HopAnswer[]>();
  for (const hub of hubs.slice(0, ROUTE_BOUNDS.hops) as readonly unknown[]) {
    const number = Number(property(hub, 'count'));
    const host = property(hub, 'host');
    if (!Number.isInteger(number) || number < 1 || number > ROUTE_BOUNDS.hops || typeof host !== 'string')
      continue;
    hops.set(number, merged(hops.get(number) ?? [], addressesIn(host)));
  }
  const dst = property(property(report, 'mtr'), 'dst');
  const target = typeof dst === 'string' ? (addressesIn(dst)[0]?.address ?? '') : '';
  return routeOf('mtr', target, hops);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
