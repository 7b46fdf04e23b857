/** From a verdict to a program that behaves as one side did, and what the other one then sees. */
import type { Reproduction, ScriptLanguage } from '../model/reproduction.ts';
import type { Side } from '../model/verdict.ts';
import { LANGUAGE_NAMES, programErrors, seesText } from '../texts/program-errors.ts';
import { nodeScript } from './node.ts';
import { type Captured, type Plan, type ScriptParts, planOf } from './plan.ts';
import { pythonScript } from './python.ts';

const SCRIPTS: Readonly<
  Record<ScriptLanguage, { write(parts: ScriptParts): string; ending: string; run: string }>
> = {
  node: { write: nodeScript, ending: 'mjs', run: 'node' },
  python: { write: pythonScript, ending: 'py', run: 'python3' },
};

/** Ports below are for root alone. */
const FIRST_FREE_PORT = 1024;
const OTHER_PORT = 8080;
/** Languages whose errors are told in the script. */
const TOLD = ['python', 'node', 'java', 'go', 'c'] as const;

/** @param side whose part is played; the side whose address the reset carries where it is left out */
export function reproduce(captured: Captured, language: ScriptLanguage, side?: Side): Reproduction {
  const { verdict } = captured;
  const played = side ?? verdict.claimed;
  const other = played === 'client' ? 'server' : 'client';
  const { write, ending, run } = SCRIPTS[language];
  const fileName = `reset-${verdict.cause.code}-${played}.${ending}`;
  const planned = planOf(captured, side);
  if (planned.plan === null) {
    return { side: played, language, script: null, fileName, why: planned.why, differs: [], otherSees: [] };
  }
  const { plan } = planned;
  const otherSees = plan.end === 'watch' ? [] : seesOf(captured, other);
  const port = captured.serverPort >= FIRST_FREE_PORT ? captured.serverPort : OTHER_PORT;
  const head = [
    `Plays the ${played} of a connection that was reset, as frame ${captured.frame} of a capture has it.`,
    verdict.summary,
    plan.end === 'watch'
      ? `It does what the ${played} did and tells what it sees at the end.`
      : `What it does at the end: ${END_WORDS[plan.end]} (${plan.endAbout}).`,
    ...plan.differs.map((text) => `Differs from what was captured: ${text}`),
    ...(otherSees.length === 0
      ? []
      : [`What the ${other} should then see:`, ...otherSees.map((text) => `  ${text}`)]),
    `Run: ${run} ${fileName} [--port ${port}] [--host 127.0.0.1] [--speed 1] [--patience 1]`,
    '--speed 10 waits a tenth of the captured times. A message counts as read when its bytes have come, or when nothing more came for --patience seconds.',
    'All bytes that it sends are filler of the captured length.',
  ];
  return {
    side: played,
    language,
    script: write({ plan, head, port }),
    fileName,
    why: '',
    differs: plan.differs,
    otherSees,
  };
}

const END_WORDS: Readonly<Record<Exclude<Plan['end'], 'watch'>, string>> = {
  refuse: 'nothing listens on the port',
  unread: 'closes the socket while what was received is unread',
  exit: 'ends the process while what was received is unread',
  abort: 'closes with SO_LINGER and time 0, which sends a reset in place of a FIN',
  'abort-on-data': 'waits for more data, then closes with SO_LINGER and time 0',
  close: 'closes the socket; what is sent to it after that is answered with a reset',
};

/** What the program at the other end sees; where the capture does not show it, what a reset of an open connection does. */
function seesOf({ verdict }: Captured, other: Side): string[] {
  const seen = verdict.sees[other];
  const sees = seen === 'refused' ? 'refused' : 'reset';
  const errors = TOLD.map((language) => {
    const told = programErrors(sees, language).map(({ at, error }) => `${at}: ${error}`);
    return `${LANGUAGE_NAMES[language]}: ${told.join('; ')}`;
  });
  return [seesText(sees), ...errors];
}
