/** The path strip for those who do not see it. */
import type { Verdict } from '../model/verdict.ts';
import { makerPlace } from './maker-text.ts';
import { ORIGIN, hopsText, otherSide } from './origin.ts';

/** @param nameOf the capture point that begins with a file, where there are several */
export function pathText(verdict: Verdict, nameOf?: (file: number) => string): string {
  const { path, claimed, origin } = verdict;
  const receiver = otherSide(claimed);
  const sender =
    origin.kind === 'endpoint'
      ? `The ${claimed} sent the reset to the ${receiver}.`
      : origin.kind === 'middlebox'
        ? `The reset claims to come from the ${claimed}, but ${origin.label} made it, ${makerPlace(verdict, nameOf)}. It went to the ${receiver}.`
        : `The reset claims to come from the ${claimed}; whether ${ORIGIN.middlebox.phrase} made it is open. It went to the ${receiver}.`;
  return `${sender} ${captureText(path, nameOf)}`;
}

export function captureText(
  path: Verdict['path'],
  nameOf: (file: number) => string = (file) => `file ${file + 1}`,
): string {
  if (path.vantages.length > 0) return vantagesText(path.vantages, nameOf);
  switch (path.capturePoint) {
    case 'client':
      return `Captured at the client; the server is ${hopsText(path.serverHops)} away.`;
    case 'server':
      return `Captured at the server; the client is ${hopsText(path.clientHops)} away.`;
    case 'between':
      return `Captured between them: the client is ${hopsText(path.clientHops)} away, the server ${hopsText(path.serverHops)}.`;
    case 'unknown':
      if (path.clientHops === 0 && path.serverHops === 0)
        return 'Client and server are both at the capture point: one machine, or one network.';
      return 'Where the capture was made is not known.';
  }
}

const SEES = {
  seen: 'saw it',
  absent: 'did not see it',
  unclear: 'says nothing of it',
} as const;
/** Of several. */
const SEE = { seen: 'saw it', absent: 'did not see it', unclear: 'say nothing of it' } as const;

/** "Captured at 3 points, from the client on: client did not see it, middle and server saw it." */
function vantagesText(vantages: Verdict['path']['vantages'], nameOf: (file: number) => string): string {
  const runs: { readonly sees: keyof typeof SEES; readonly names: string[] }[] = [];
  for (const { file, sees } of vantages) {
    const run = runs.at(-1);
    if (run?.sees === sees) run.names.push(nameOf(file));
    else runs.push({ sees, names: [nameOf(file)] });
  }
  const told = runs.map(
    ({ sees, names }) => `${listText(names)} ${names.length > 1 ? SEE[sees] : SEES[sees]}`,
  );
  return `Captured at ${vantages.length} points, from the client on: ${told.join('; ')}.`;
}

function listText(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
