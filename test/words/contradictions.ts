/** Sentences that cannot stand together. Each rule finds one kind of contradiction on one screen, and says what it is. */
import { causeOf, type CauseCode } from '../../shared/causes/list.ts';
import type { Side } from '../../shared/model/verdict.ts';
import type { Screen } from './screen.ts';

/** What is wrong on the screen; null where nothing is. */
type Rule = (screen: Screen) => string | null;

const LOST =
  /\b(?:bytes|[kM]i?B|data|requests?|repl(?:y|ies)|responses?|answers?)\b[^.;:]*\b(?:is|are|was|were) lost\b/i;

const DATA_LOST_ALTHOUGH_NOTHING_MATTERED: Rule = ({ matters, summary, next, told }) => {
  if (matters) return null;
  const sentence = [summary, next, ...told].find((text) => LOST.test(text));
  return sentence === undefined ? null : `matters: no, but "${sentence}"`;
};

const NOTHING_TO_DO_THOUGH_IT_MATTERS: Rule = ({ matters, next }) =>
  matters && /^nothing to do\b/i.test(next) ? `matters: yes, but "${next}"` : null;

/** To capture again where the capture was made shows something new only with direction. */
const CAPTURE_WHERE_IT_WAS: Rule = ({ capturePoint, next }) => {
  if (capturePoint !== 'client' && capturePoint !== 'server') return null;
  const again = new RegExp(
    `\\bcaptur\\w*[^.;]*\\b(?:at|on|near) (?:the |that )?${capturePoint}\\b(?![^.;]*(?:direction|-i any))`,
    'i',
  );
  return again.test(next) ? `captured at the ${capturePoint}, but "${next}"` : null;
};

/** Causes that only one side can have. */
const SIDES_OF_CAUSES: Partial<Record<CauseCode, Side>> = {
  'client-cancelled': 'client',
  'listen-overflow': 'server',
  'listener-gone': 'server',
  'request-too-large': 'server',
  'connection-age-limit': 'server',
};

const CAUSE_OF_THE_OTHER_SIDE: Rule = ({ kind, claimed, cause }) => {
  const side = SIDES_OF_CAUSES[cause];
  return kind === 'endpoint' && side !== undefined && claimed !== 'both' && claimed !== side
    ? `sent by the ${claimed}, for a cause of the ${side}: ${cause}`
    : null;
};

/** What only a host does: its program, its socket or its stack. What a device is set to do is done in the host's name, but not by it. */
const CAUSES_OF_HOSTS: ReadonlySet<CauseCode> = new Set([
  'aborted',
  'application-error',
  'backscatter',
  'client-cancelled',
  'closed-with-unread-data',
  'connection-refused',
  'data-after-close',
  'half-open-scan',
  'health-check',
  'host-firewall-reject',
  'keepalive-timeout',
  'listen-overflow',
  'listener-gone',
  'memory-pressure',
  'peer-unreachable',
  'port-reuse',
  'process-exit',
  'request-too-large',
  'stale-connection',
  'time-wait',
  'tls-failure',
  'translation-missing',
  'unacceptable-segment',
]);

const CAUSES_OF_DEVICES: ReadonlySet<CauseCode> = new Set([
  'injected',
  'firewall-reject',
  'stateful-device-lost-flow',
  'nat-state-lost',
]);

const DEVICE_AS_THE_FORMER: Rule = ({ kind, cause, summary }) =>
  kind === 'unknown' && CAUSES_OF_DEVICES.has(cause) && /\bif the former\b/i.test(summary)
    ? `the host's cause is said to be ${cause}: "${summary}"`
    : null;

const DEVICE_MADE_BY_THE_HOST: Rule = ({ kind, cause }) =>
  kind === 'endpoint' && CAUSES_OF_DEVICES.has(cause) ? `a host sent it, and the cause is ${cause}` : null;

const HOST_MADE_BY_A_DEVICE: Rule = ({ kind, cause }) =>
  kind === 'middlebox' && CAUSES_OF_HOSTS.has(cause) ? `a device made it, and the cause is ${cause}` : null;

/** From here on who made it is named. */
const NAMED_FROM = 0.6;

const SURE_OF_UNKNOWN: Rule = ({ kind, confidence, of }) =>
  of === 'reset' && kind === 'unknown' && confidence >= NAMED_FROM
    ? `cannot be told, with ${confidence.toFixed(2)}`
    : null;

/** What a host's owner does says nothing to somebody whose reset came from a device, and the other way round. */
const STEP_FOR_SOMEBODY_ELSE: Rule = ({ kind, cause, next }) => {
  if (kind === 'endpoint')
    return /^look at the device\b/i.test(next) ? `a host sent it, but "${next}"` : null;
  if (kind !== 'middlebox' || CAUSES_OF_DEVICES.has(cause)) return null;
  if (/\banswers a packet that it never asked for\b/.test(next)) return `a device made it, but "${next}"`;
  const { client, server } = causeOf(cause);
  return [...client, ...server].includes(next) ? `a device made it, but the host is to act: "${next}"` : null;
};

const SILENCE =
  /(\d+(?:\.\d+)?) (ms|s|min|h)\b(?= (?:after the last packet|of (?:silence|quiet|idleness)|without a packet))|\b(?:silence|silent|quiet|idle) (?:of|for) (\d+(?:\.\d+)?) (ms|s|min|h)\b/gi;
const SECONDS_OF: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600 };
/** Bounds of what was survived, and timers of products, are other numbers on purpose. */
const OTHER_NUMBER =
  /\b(?:surviv|works?\b|longest|shortest|timer|timeouts?\b|default|at least|longer than|usual)/i;

/** Silences that a text tells, in seconds. */
export function silencesIn(text: string): number[] {
  return text
    .replaceAll(/\([^)]*\)/g, '')
    .split(/(?<=[.;:])\s/u)
    .filter((part) => !OTHER_NUMBER.test(part))
    .flatMap((part) => [...part.matchAll(SILENCE)])
    .map(([, before, unitBefore, after, unitAfter]) => {
      const unit = before === undefined ? unitAfter : unitBefore;
      return Number(before ?? after) * (SECONDS_OF[unit.toLowerCase()] ?? 1);
    });
}

/** A tenth of a second, or three digits: how one silence is rounded wherever it is told. */
const ROUNDING = { seconds: 0.051, share: 0.0051 };
/** A finding of many tells their median, and the step of one of them. */
const SPREAD = { seconds: 0.15, share: 0.03 };

const OTHER_SILENCE: Rule = ({ of, summary, next, told, silences }) => {
  const { seconds: least, share } = of === 'finding' && told.length === 0 ? SPREAD : ROUNDING;
  const isSame = (a: number, b: number): boolean =>
    Math.abs(a - b) <= Math.max(least, share * Math.max(a, b));
  const texts = [summary, next, ...told].map((text) => ({ text, seconds: silencesIn(text) }));
  for (const { text, seconds } of texts)
    for (const silence of seconds) {
      if (silences.length > 0 && !silences.some((known) => isSame(known, silence)))
        return `silences are ${silences.join(' s, ')} s, but "${text}"`;
      const other = texts.find(
        (one) => one.seconds.length > 0 && !one.seconds.some((s) => isSame(s, silence)),
      );
      if (other !== undefined) return `"${text}", but "${other.text}"`;
    }
  return null;
};

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const AWAY =
  /\b(?:the device|the reset|it) (?:has TTL \d+, |is |, )?(next to the capture point|(\w+) hops? away)/gi;

/** Where the reset itself is told to come from, in hops. */
export function distancesIn(text: string): number[] {
  return [...text.matchAll(AWAY)].map(([, phrase, word]) => {
    if (word === undefined) return phrase.startsWith('next') ? 0 : Number.NaN;
    const index = NUMBERS.indexOf(word.toLowerCase());
    return index >= 0 ? index : Number(word);
  });
}

const OTHER_DISTANCE: Rule = ({ hops, summary, next, told }) => {
  if (hops === null) return null;
  const text = [summary, next, ...told].find((one) =>
    distancesIn(one).some((distance) => Number.isFinite(distance) && distance !== hops),
  );
  return text === undefined ? null : `made ${hops} hops away, but "${text}"`;
};

/** What holds without "as a rule", "where" or "later" holds for this reset. */
const CONDITIONAL =
  /\b(?:as a rule|where|usually|only|in the handshake|seldom|at most|if|for a|cost already)\b/i;

function isPlainNo(text: string): boolean {
  const [first] = text.split(/(?<=\.)\s/u, 1);
  return /^(?:no|none|not)\b/i.test(first) && !CONDITIONAL.test(first);
}

const MATTERS_THOUGH_NOT_FATAL: Rule = ({ matters, fatal }) =>
  matters && isPlainNo(fatal) ? `matters: yes, but the cause is said to be fatal: "${fatal}"` : null;

const BYTES_LOST_THOUGH_NONE: Rule = ({ matters, unacknowledged, dataLoss }) =>
  matters && unacknowledged > 0 && isPlainNo(dataLoss)
    ? `${unacknowledged} bytes were under way, but the cause says of data lost: "${dataLoss}"`
    : null;

const ROUNDS = /([\d,]+) rounds\b/g;

const OTHER_ROUNDS: Rule = ({ summary, next, told }) => {
  const all = [summary, next, ...told].flatMap((text) =>
    [...text.matchAll(ROUNDS)].map(([, count]) => count),
  );
  const other = all.find((count) => count !== all[0]);
  return other === undefined ? null : `a loop of ${all[0]} rounds, and of ${other}`;
};

const HOST_HAD_RESET = /\bthe (?:client|server)(?: [\d.a-f:]+)? had (?:already )?reset\b/i;

/** In whose name it came is seen; who made it is what the verdict on that one says. */
const HOST_HAD_RESET_FOR_DEVICE: Rule = ({ firstBy, summary, next, told }) => {
  if (firstBy !== 'middlebox') return null;
  const text = [summary, next, ...told].find((one) => HOST_HAD_RESET.test(one));
  return text === undefined ? null : `a device made the first reset, but "${text}"`;
};

/** Steps on a device, unless under a condition. */
const ON_A_DEVICE = /(?:^|[.;:] )(?:[^.;:]*\b)?(?:who runs|on|look (?:at|for)) the device\b/i;

const DEVICE_IN_NEXT_ONLY: Rule = ({ kind, next, summary }) =>
  kind === 'endpoint' &&
  ON_A_DEVICE.test(next) &&
  !/\bdevice\b/i.test(summary) &&
  !/\bif\b[^.;]*\bdevice\b/i.test(next)
    ? `a host sent it, but "${next}"`
    : null;

/** Steps that must be taken contradict "nothing to do", unless that is said of one client or reset, or under a condition. */
const NOTHING_AT_ALL = /^nothing to do[.:]/i;
const STEP =
  /(?:^|[.;:] )(?:look|find|raise|ask|capture|repair|mend|update|let|search|read|see|check|clamp|send)\b/i;
const WISH = /\b(?:to (?:end|quiet|stop|avoid|save)\b|if\b|where\b)/i;

const NOTHING_AND_A_STEP: Rule = ({ next }) => {
  if (!NOTHING_AT_ALL.test(next)) return null;
  const step = next.split(/(?<=\.)\s/u).find((sentence) => {
    const text = sentence.replace(NOTHING_AT_ALL, '').trim();
    return !WISH.test(text) && STEP.test(text);
  });
  return step === undefined ? null : `nothing is to be done, but "${step}"`;
};

/** Phrases that name one cause. */
const PHRASES_OF_CAUSES: readonly (readonly [RegExp, ReadonlySet<CauseCode>])[] = [
  [/\bone loop\b/i, new Set(['reset-loop'])],
  [/\bqueue\b[^.;]* was full\b/i, new Set(['listen-overflow'])],
  [/\bchecks whether\b/i, new Set(['health-check'])],
  [/\bonly tested whether\b/i, new Set(['half-open-scan'])],
  [/\buntranslated\b|\breached [^.;]* from another address\b/i, new Set(['translation-missing'])],
  [/\ba timer fired\b/i, new Set(['idle-timeout'])],
  [/\bwas down in that time\b|\bthe service stopped listening\b/i, new Set(['connection-refused'])],
  [/\btwo hosts answer for\b/i, new Set(['resteered'])],
  [/\bconnections? [^.;]* after they began\b/i, new Set(['connection-age-limit'])],
  [/\bcertificate\b/i, new Set(['tls-failure'])],
  [/\bmss\b/i, new Set(['path-mtu'])],
];

/** Where who made it is open, the step may be that of another cause. */
const OTHER_CAUSE_IN_NEXT: Rule = ({ kind, cause, next }) => {
  if (kind === 'unknown') return null;
  const phrase = PHRASES_OF_CAUSES.find(([words, causes]) => words.test(next) && !causes.has(cause));
  return phrase === undefined ? null : `the cause is ${cause}, but "${next}"`;
};

/** More is not read by somebody in a hurry. */
const LONGEST_NEXT = 720;

const TOO_LONG: Rule = ({ next }) =>
  next.length > LONGEST_NEXT ? `${next.length} characters: "${next}"` : null;

export const RULES = {
  'matters not, and data is lost': DATA_LOST_ALTHOUGH_NOTHING_MATTERED,
  'matters, and nothing is to be done': NOTHING_TO_DO_THOUGH_IT_MATTERS,
  'capture where it was captured': CAPTURE_WHERE_IT_WAS,
  'a cause of the other side': CAUSE_OF_THE_OTHER_SIDE,
  'a device as the former': DEVICE_AS_THE_FORMER,
  'a device’s cause of a host': DEVICE_MADE_BY_THE_HOST,
  'a host’s cause of a device': HOST_MADE_BY_A_DEVICE,
  'sure of what cannot be told': SURE_OF_UNKNOWN,
  'a step for somebody else': STEP_FOR_SOMEBODY_ELSE,
  'another silence': OTHER_SILENCE,
  'another distance': OTHER_DISTANCE,
  'matters, and is not fatal': MATTERS_THOUGH_NOT_FATAL,
  'bytes under way, and none lost': BYTES_LOST_THOUGH_NONE,
  'other rounds of a loop': OTHER_ROUNDS,
  'a host for the device that reset first': HOST_HAD_RESET_FOR_DEVICE,
  'a device in the step only': DEVICE_IN_NEXT_ONLY,
  'nothing to do, and a step': NOTHING_AND_A_STEP,
  'a step of another cause': OTHER_CAUSE_IN_NEXT,
  'too long to act on': TOO_LONG,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

/** All contradictions on a screen. */
export function contradictionsOn(screen: Screen): { rule: RuleName; what: string }[] {
  return (Object.entries(RULES) as [RuleName, Rule][]).flatMap(([rule, find]) => {
    const what = find(screen);
    return what === null ? [] : [{ rule, what }];
  });
}
