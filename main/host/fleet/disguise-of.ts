/** How the rows of an analysis are disguised: not at all, or under the key of the fleet. */
import { basename } from 'node:path';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { fileAlias } from '../../../shared/report/aliases.ts';
import { Anonymous } from '../../engine/fleet/anonymous.ts';
import { undisguised } from '../../engine/fleet/disguise.ts';
import type { Disguise } from '../../engine/fleet/fleet-row.ts';
import type { Session } from '../../engine/session.ts';
import { createCaseCipher } from '../anonymise/case-cipher.ts';
import type { FleetKey } from './keys.ts';

/** @param flows whose names may stand in texts */
export function disguiseOf(
  session: Session,
  key: FleetKey,
  isAnonymised: boolean,
  flows: Uint32Array = session.liveFlows(),
): Disguise {
  const paths = session.files.map(({ path }) => path);
  const first = session.filesGone;
  if (!isAnonymised) return undisguised((file) => (file < first ? null : basename(paths[file - first])));
  const aliases = paths.map((path, index) => fileAlias(path, first + index));
  const known = new Map<string, string>();
  for (const [index, { name }] of (session.join.report()?.vantages ?? []).entries())
    known.set(name.toLowerCase(), `point ${index + 1}`);
  for (const [index, path] of paths.entries()) {
    known.set(path.toLowerCase(), aliases[index]);
    known.set(basename(path).toLowerCase(), aliases[index]);
  }
  return new Anonymous(createCaseCipher(key.bytes), {
    alias: (file) => aliases[file - first] ?? null,
    known,
    names: namesOf(session, flows),
  });
}

/** Names of these flows’ hosts, in small letters. */
export function namesOf(session: Session, flows: Uint32Array): Set<string> {
  const names = new Set<string>();
  for (const number of flows) {
    const flow = number as FlowRecord;
    const hints = session.hints(flow);
    for (const name of [session.name(flow, 0), session.name(flow, 1), hints?.serverName, hints?.http?.host]) {
      if (name !== undefined && name !== null && name !== '') names.add(name.toLowerCase());
    }
  }
  return names;
}
