/** Devices on the wire that make resets in somebody's name: each scenario is one style of them (programs/rule.h). */
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Lab, Scenario } from '../scenario.ts';
import type { CauseRule } from '../truth.ts';

interface Style {
  readonly name: string;
  readonly about: string;
  readonly short?: boolean;
  readonly where?: 'client' | 'middle' | 'server' | 'any';
  readonly rule: string;
  /** The exchange: a web request (the default), or one that rests for so many seconds after it. */
  readonly restSeconds?: number;
  readonly wellKnown?: number;
  readonly cause?: CauseCode;
  readonly alternatives?: readonly CauseCode[];
  /** Whether its resets matter, where the packets do not say so; null where they cannot. */
  readonly matters?: boolean | null;
  /** What is true of others' resets. */
  readonly others?: readonly CauseRule[];
  /** What the request asks for: a keyword device acts on "forbidden". */
  readonly path?: string;
  /** The server takes its time: the reset is there long before an answer. */
  readonly thinkSeconds?: number;
}

async function web(lab: Lab, style: Style): Promise<void> {
  const request = lab.request(style.path ?? '/forbidden');
  const response = lab.bytes(600, 6000);
  const server = await lab.onServer(
    ['listen', lab.server, lab.port],
    ['accept'],
    ['receive', request.length],
    ['sleep', style.thinkSeconds ?? 0],
    ['send', response],
    ['sleep', style.restSeconds ?? 0],
    ['send', 100],
    ['drain', 's', 3],
    ['close'],
  );
  const client = lab.onClient(
    ['connect', lab.server, lab.port],
    ['send', request],
    ['receive', response, 's', 4],
    ['sleep', style.restSeconds ?? 0],
    ['send', 50],
    ['sleep', 0.2],
    ['close'],
  );
  await client.done;
  await lab.sleep(300);
  server.kill();
  await server.done;
}

const STYLES: readonly Style[] = [
  {
    name: 'one-each-way',
    about: 'on a keyword: one reset each way, TTL 64 of its own, no IP-ID, window 0',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=ra ttl=64 id=0 window=0',
    wellKnown: 80,
  },
  {
    name: 'burst-guessed',
    about: 'on a keyword: three resets each way at guessed sequence numbers',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=r count=3 step=1460 ttl=random id=random window=random df=0 gap=40',
  },
  {
    name: 'burst-ttl-rising',
    about: 'on a keyword: three resets with rising TTL and window',
    where: 'any',
    rule: 'on=keyword:forbidden flags=ra count=3 ttl=rising:72 id=random window=rising:180 gap=15',
  },
  {
    name: 'copied-ttl',
    about: 'on a keyword: the TTL of the pretended sender, everything else its own',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=ra ttl=copy id=random window=0 df=0',
  },
  {
    name: 'copied-all',
    about: 'on a keyword: TTL, IP-ID and window copied from the pretended sender',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=ra ttl=copy id=next window=copy',
    thinkSeconds: 0.1,
  },
  {
    name: 'copied-trigger',
    about: 'on a keyword: TTL, IP-ID and window copied from the packet that set it off',
    where: 'any',
    rule: 'on=keyword:forbidden flags=ra ttl=trigger id=trigger window=trigger to=client',
  },
  {
    name: 'suricata',
    about: 'as Suricata’s reject: TTL 64, no DF, window of the offending packet',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=ra suricata=1 ttl=64 id=random window=trigger df=0',
  },
  {
    name: 'text-payload',
    about: 'a reset that says why, in words',
    short: true,
    where: 'server',
    rule: `on=keyword:forbidden flags=ra ttl=255 id=random window=0 payload=${hex('[0x2a5d] Policy action')}`,
  },
  {
    name: 'bytes-payload',
    about: 'bare resets that carry ten odd bytes',
    where: 'middle',
    rule: 'on=keyword:forbidden flags=r to=client ttl=64 id=1 window=0 payload=01020304050607080900',
  },
  {
    name: 'before-handshake',
    about: 'refuses in the server’s name as the SYN passes; the real SYN-ACK follows',
    short: true,
    where: 'middle',
    // Behind the device only the client's answer to the SYN-ACK passes, as of one that scans or that had given up.
    others: [
      {
        emitter: 'client',
        reason: 'NO_SOCKET',
        cause: 'stale-connection',
        alternatives: ['unacceptable-segment', 'data-after-close', 'half-open-scan', 'client-cancelled'],
        note: 'its own end was reset before',
      },
    ],
    rule: 'on=syn flags=ra to=client ttl=64 id=trigger window=trigger',
  },
  {
    name: 'on-syn-dropped',
    about: 'in the path: the SYN does not pass and is refused in the server’s name',
    where: 'any',
    rule: 'on=syn flags=ra to=client ttl=128 id=random window=0 drop=1 repeat=1',
  },
  {
    name: 'after-handshake',
    about: 'resets both ends as soon as the handshake is through',
    where: 'middle',
    rule: 'on=established flags=ra ttl=255 id=random window=0',
  },
  {
    name: 'on-synack',
    about: 'resets both ends on the SYN-ACK, three times',
    where: 'middle',
    rule: 'on=synack flags=ra count=3 ttl=64 id=random window=0',
  },
  {
    name: 'inline-block',
    about: 'in the path: the request does not pass, both ends are reset, the flow stays blocked',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=ra drop=1 sticky=1 ttl=64 id=0 window=0',
  },
  {
    name: 'server-only',
    about: 'resets the server alone, in the client’s name',
    where: 'any',
    rule: 'on=keyword:forbidden flags=r to=server ttl=64 id=0 window=0',
  },
  {
    name: 'client-only-bare',
    about: 'one bare reset to the client at the right place, as an endpoint’s reply looks',
    where: 'any',
    rule: 'on=data flags=r to=client ttl=64 id=0 window=0',
  },
  {
    name: 'in-window-only',
    about: 'its sequence number is off by 500: the receiver challenges it and lives',
    short: true,
    where: 'middle',
    rule: 'on=keyword:forbidden flags=r to=client offset=500 ttl=64 id=0 window=0',
  },
  {
    name: 'late-burst',
    about: 'slow: acts milliseconds after the request, when the answer is on its way',
    where: 'any',
    rule: 'on=keyword:forbidden flags=each count=4 ttl=copy id=random window=0 delay=15000 gap=200',
  },
  {
    name: 'near-client-copied',
    about: 'next to the client, TTL copied: looks like the server in everything but its numbers',
    where: 'client',
    rule: 'on=keyword:forbidden flags=r to=client ttl=copy id=0 window=0 df=1',
    thinkSeconds: 0.15,
  },
  {
    name: 'idle-both',
    about: 'a stateful device resets both ends after two idle seconds',
    short: true,
    where: 'middle',
    rule: 'on=idle:2000 flags=ra ttl=255 id=random window=9300',
    path: '/slow',
    restSeconds: 2.6,
    cause: 'idle-timeout',
    alternatives: ['stateful-device-lost-flow', 'injected'],
  },
  {
    name: 'idle-5s',
    about: 'a stateful device resets both ends after five idle seconds',
    where: 'any',
    rule: 'on=idle:5000 flags=ra ttl=64 id=0 window=0',
    path: '/slow',
    restSeconds: 5.6,
    cause: 'idle-timeout',
    alternatives: ['stateful-device-lost-flow', 'injected'],
  },
  {
    name: 'idle-10s-copied',
    about: 'a balancer that speaks with the server’s TTL resets the client after ten idle seconds',
    where: 'server',
    rule: 'on=idle:10000 flags=ra to=client ttl=copy id=random window=0',
    path: '/slow',
    restSeconds: 10.8,
    cause: 'idle-timeout',
    alternatives: ['stateful-device-lost-flow', 'injected'],
  },
  {
    name: 'late-reply',
    about: 'a balancer forgets silently after two seconds and resets whoever speaks next',
    short: true,
    where: 'server',
    rule: 'on=late:2000 flags=r drop=1 sticky=1 to=client ttl=255 id=0 window=0',
    path: '/slow',
    restSeconds: 2.6,
    cause: 'idle-timeout',
    alternatives: ['stateful-device-lost-flow', 'stale-connection', 'nat-state-lost'],
    // What the server still said passes only the capture next to it.
    matters: null,
  },
];

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** A device nobody has described yet: every habit drawn by itself. */
function drawStyle(lab: Lab): Style {
  const draw = (...choices: string[]): string => choices[lab.random.between(0, choices.length)];
  const field = (name: string): string =>
    `${name}=${draw('0', 'copy', 'trigger', 'random', String(lab.bytes(1, 60_000)))}`;
  const count = lab.bytes(1, 4);
  return {
    name: 'drawn',
    about: '',
    where: draw('client', 'middle', 'server', 'any') as Style['where'],
    thinkSeconds: lab.random.chance(0.5) ? 0.1 : 0,
    rule: [
      `on=${draw('keyword:forbidden', 'data', 'established')} flags=${draw('r', 'ra', 'each')}`,
      `to=${draw('both', 'client', 'server')} count=${count} step=${draw('0', '1460', '536')}`,
      `ttl=${draw('64', '128', '255', 'copy', 'trigger', 'random', `rising:${lab.bytes(40, 120)}`)}`,
      `${field('id')} ${field('window')} df=${draw('0', '1')} delay=${draw('0', '300', '4000')} gap=${draw('5', '200')}`,
    ].join(' '),
  };
}

const DRAWN: readonly Scenario[] = [1, 2, 3, 4, 5, 6].map((n) => ({
  name: `device-drawn-${n}`,
  about: 'a device whose habits come from the seed',
  short: n === 1,
  async run(lab) {
    const style = drawStyle(lab);
    await lab.device(style.where ?? 'middle', style.rule);
    await web(lab, style);
  },
  rules: [{ emitter: 'device', cause: 'injected', alternatives: ['firewall-reject'] }],
}));

const LISTED: readonly Scenario[] = STYLES.map((style) => ({
  name: `device-${style.name}`,
  about: style.about,
  short: style.short,
  wellKnown: style.wellKnown,
  async run(lab) {
    await lab.device(style.where ?? 'middle', style.rule);
    await web(lab, style);
  },
  rules: [
    {
      emitter: 'device',
      cause: style.cause ?? 'injected',
      alternatives: style.alternatives ?? ['firewall-reject'],
      matters: style.matters,
    },
    ...(style.others ?? []),
  ],
}));

export const DEVICES: readonly Scenario[] = [...LISTED, ...DRAWN];
