/** What `resetscope live --spool` is asked for, and what it says at the end. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { bytesText } from '../../shared/format/bytes.ts';
import { plural } from '../../shared/format/count.ts';
import { errorText } from '../../shared/format/error.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { LiveOptions } from '../../shared/model/live.ts';
import type { SpoolPlan, SpoolStatus } from '../host/fleet/spool.ts';
import { agentOf } from './agent-options.ts';
import { type AgentCommandOptions, agentOptionsGiven } from './commands/agent-options.ts';

export interface SpoolCommandOptions extends AgentCommandOptions {
  readonly spool?: string;
  readonly spoolEvery?: number;
  readonly spoolLimit?: number;
}

const DEFAULT_EVERY_SECONDS = 300;

/** @returns null where nothing is spooled, or what is wrong with the options, for people */
export async function planSpool(
  options: SpoolCommandOptions,
  { host, second }: LiveOptions,
): Promise<SpoolPlan | null | string> {
  const { spool, spoolEvery = DEFAULT_EVERY_SECONDS, spoolLimit = Infinity } = options;
  if (spool === undefined) {
    const [alone] = given(options);
    return alone === undefined ? null : `${alone} goes with --spool only`;
  }
  if (second !== null) return '--spool tells of one place: run “resetscope live --spool” for each of them';
  if (spoolEvery === 0) return '--spool-every is a number of seconds from 1';
  try {
    const agent = await agentOf(options, host === null ? hostname() : withoutUser(host));
    return { ...agent, folder: resolve(spool), everySeconds: spoolEvery, limitBytes: spoolLimit };
  } catch (error) {
    return errorText(error);
  }
}

function given(options: SpoolCommandOptions): string[] {
  const own = [
    ...(options.spoolEvery === undefined ? [] : ['--spool-every']),
    ...(options.spoolLimit === undefined ? [] : ['--spool-limit']),
  ];
  return [...own, ...agentOptionsGiven(options)];
}

/** ann@web: web */
function withoutUser(host: string): string {
  return host.slice(host.lastIndexOf('@') + 1);
}

export function spoolText(status: SpoolStatus): string {
  const { folder, segments, failed, flows, resets, untold, lostFiles, lostBytes } = status;
  const told = `${plural(flows, 'flow')} and ${plural(resets, 'reset')} in ${plural(segments, 'segment')}`;
  const lacks = [
    ...(untold > 0 ? [`${untold} more have no row of their own`] : []),
    ...(failed > 0 ? [`${plural(failed, 'segment')} could not be written`] : []),
    ...(lostFiles > 0
      ? [
          `${plural(lostFiles, 'file')} (${bytesText(lostBytes)}) were let go of before they were taken away, since the spool began`,
        ]
      : []),
  ];
  return `spool: ${[`${told} told to ${sanitiseText(folder, 500)}`, ...lacks].join('; ')}\n`;
}
