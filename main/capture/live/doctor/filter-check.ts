/** Has a capture filter compiled by a program that knows the language, without capturing. */
import type { FilterCheck } from '../../../../shared/model/live.ts';
import type { RunProgram } from './run-program.ts';
import type { CapturePrograms } from '../sources/source.ts';
import { HELPER } from '../sources/helper.ts';

const BAD_FILTER = 65;
const FINE: FilterCheck = { ok: true, message: null };

/**
 * Where no program here can tell, the filter passes: the source that gets it will say what is wrong with it.
 * @param linkType of the interface by its name (EN10MB …); null where not known
 */
export async function checkFilter(
  filter: string,
  linkType: string | null,
  programs: CapturePrograms,
  run: RunProgram,
): Promise<FilterCheck> {
  if (filter.trim() === '') return FINE;
  if (programs.helper !== null) {
    const link = linkType === null ? [] : ['--link-type', linkType];
    const ran = await run(programs.helper, ['check', '--filter', filter, ...link]);
    if (ran.exitCode === 0) return FINE;
    if (ran.exitCode === BAD_FILTER) {
      const end = { exitCode: ran.exitCode, signal: null, stderr: ran.stderr };
      return { ok: false, message: HELPER.explain(end, { interface: '', host: null }).message };
    }
  }
  if (programs.tcpdump !== null) {
    // With -y and no interface it only compiles.
    const ran = await run(programs.tcpdump, ['-d', '-y', linkType ?? 'EN10MB', '--', filter]);
    if (ran.exitCode === 0) return FINE;
    const said = /tcpdump: (.+)/u.exec(ran.stderr)?.[1];
    if (ran.exitCode === 1 && said !== undefined && !/ermission|permitted/u.test(ran.stderr)) {
      return { ok: false, message: said };
    }
  }
  return FINE;
}
