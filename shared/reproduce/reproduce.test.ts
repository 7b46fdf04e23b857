/** Programs made of verdicts: what they do at the end, what they say of it, and that no packet writes any of their code. */
import { describe, expect, it } from 'vitest';
import { SCRIPT_LANGUAGES, type ScriptLanguage } from '../model/reproduction.ts';
import type { Exchange, ExchangeStep } from '../model/exchange.ts';
import type { Captured, HttpStatus } from './plan.ts';
import { planOf } from './plan.ts';
import { reproduce } from './reproduce.ts';

type Verdict = Captured['verdict'];

function step(from: 'client' | 'server', bytes: number, firstFrame: number, afterSeconds = 0): ExchangeStep {
  return {
    from,
    kind: bytes === 0 ? 'fin' : 'data',
    bytes,
    firstFrame,
    lastFrame: firstFrame,
    packet: firstFrame - 1,
    afterSeconds,
  };
}

function captured(
  verdict: Partial<Verdict>,
  exchange: Partial<Exchange> = {},
  httpStatus: HttpStatus | null = null,
): Captured {
  return {
    verdict: {
      claimed: 'server',
      family: 'active',
      origin: { kind: 'endpoint', hops: 0, side: 'server', label: 'the server', confidence: 0.9 },
      cause: { code: 'aborted', confidence: 0.6, alternatives: [] },
      obeyed: 'yes',
      sees: { client: 'reset', server: 'own' },
      summary: 'The server reset.',
      silenceSeconds: null,
      ...verdict,
    },
    exchange: {
      synFrame: 1,
      establishedFrame: 3,
      steps: [step('client', 100, 4), step('server', 200, 5)],
      moreSteps: 0,
      endsAfterSeconds: 0,
      ...exchange,
    },
    frame: 9,
    serverPort: 443,
    httpStatus,
  };
}

const cause = (code: Verdict['cause']['code']): Verdict['cause'] => ({
  code,
  confidence: 0.8,
  alternatives: [],
});

describe('the end of a plan', () => {
  it.each<[string, Captured, string]>([
    ['aborts with time 0', captured({}), 'abort'],
    ['leaves data unread', captured({ cause: cause('closed-with-unread-data') }), 'unread'],
    ['ends the process', captured({ cause: cause('process-exit') }), 'exit'],
    [
      'refuses',
      captured(
        { family: 'syn-reply', cause: cause('connection-refused') },
        { establishedFrame: null, steps: [] },
      ),
      'refuse',
    ],
    [
      'answers what comes later',
      captured(
        { family: 'reply', cause: cause('stale-connection') },
        { steps: [step('server', 5, 4), step('client', 5, 5, 300)] },
      ),
      'abort-on-data',
    ],
    [
      'closes, and leaves the rest to the kernel',
      captured(
        { family: 'reply', cause: cause('data-after-close') },
        { steps: [step('client', 5, 4), step('server', 0, 5), step('client', 5, 6)] },
      ),
      'close',
    ],
  ])('%s', (_, given, end) => {
    expect(planOf(given).plan?.end).toBe(end);
  });

  it('is to watch for the side that was reset', () => {
    const made = reproduce(captured({}), 'node', 'client');
    expect(made.script).toContain("'saw '");
    expect(made.side).toBe('client');
  });

  it('waits as long as was captured', () => {
    expect(
      planOf(captured({ cause: cause('idle-timeout') }, { endsAfterSeconds: 60 })).plan?.steps.at(-1),
    ).toMatchObject({
      do: 'wait',
      seconds: 60,
    });
  });

  it('reads what was read, and leaves what was not', () => {
    const steps = [
      step('client', 10, 4),
      step('server', 20, 5),
      step('client', 30, 6),
      step('server', 40, 7),
    ];
    const { plan } = planOf(captured({ cause: cause('request-too-large') }, { steps }));
    expect(plan?.steps.map((one) => one.do)).toEqual(['read', 'send', 'leave', 'send']);
    expect(plan?.readsBefore).toBe(true);
  });
});

describe('what cannot be done is said', () => {
  it.each<[string, Partial<Verdict>, RegExp]>([
    ['a reset that was ignored', { obeyed: 'ignored' }, /did not act on this reset/u],
    ['backscatter', { cause: cause('backscatter') }, /raw packets/u],
    ['a scan', { claimed: 'client', cause: cause('half-open-scan') }, /nmap -sS/u],
  ])('%s', (_, verdict, why) => {
    const made = reproduce(captured(verdict), 'python');
    expect(made.script).toBeNull();
    expect(made.why).toMatch(why);
  });

  it('tells what differs where a device did it', () => {
    const origin = { kind: 'middlebox', hops: 3, side: 'path', label: 'a device', confidence: 0.99 } as const;
    const made = reproduce(captured({ origin, cause: cause('injected') }), 'node');
    expect(made.differs.join(' ')).toMatch(/A device on the path made this reset/u);
    expect(made.script).toContain('// Differs from what was captured:');
  });
});

const HOSTILE = [
  `'"\`\\`,
  '*/ process.exit(1) /*',
  '\nimport os; os.system("id")\n',
  '\r\u2028evil()\u2029\u0085evil()',
  '${evil()} """ \'\'\' #{x} %s {0}',
  '\u202e\ufeff\0\u0007<!-- --> </script>',
  '\\\n//\\u000aevil()',
].join(' ');

const MARK: Readonly<Record<ScriptLanguage, string>> = { node: '//', python: '#' };

function withoutComments(script: string | null, language: ScriptLanguage): string {
  return (script ?? '')
    .split('\n')
    .filter((line) => !line.trimStart().startsWith(MARK[language]))
    .join('\n');
}

describe.each(SCRIPT_LANGUAGES)('a program for %s', (language) => {
  it('has the same code whatever texts the capture holds', () => {
    const plain = reproduce(captured({ cause: cause('closed-with-unread-data') }), language);
    const hostile = reproduce(
      captured({ cause: cause('closed-with-unread-data'), summary: HOSTILE }),
      language,
    );
    expect(withoutComments(hostile.script, language)).toBe(withoutComments(plain.script, language));
    expect(hostile.script).toContain('evil()');
  });

  it('is printable ASCII', () => {
    for (const side of ['client', 'server'] as const) {
      expect(reproduce(captured({ summary: HOSTILE }), language, side).script).toMatch(/^[\x20-\x7e\n]+$/u);
    }
  });

  it('answers in HTTP where the captured one did', () => {
    const status = { code: 413, contentLength: 5000, packet: 4 };
    expect(reproduce(captured({}, {}, status), language).script).toContain('http(413, 200, 5000)');
  });

  it('names the frames that its numbers come from', () => {
    const { script } = reproduce(captured({}), language);
    expect(script).toContain(`${MARK[language]} frame 4`);
    expect(script).toContain(`${MARK[language]} frame 9 resets the connection`);
  });

  it('says what the other end should see', () => {
    const made = reproduce(captured({}), language);
    expect(made.otherSees.join('\n')).toMatch(/ECONNRESET/u);
    expect(made.script).toContain('What the client should then see:');
  });
});
