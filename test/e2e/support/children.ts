import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface ProcessLine {
  readonly pid: number;
  readonly command: string;
}

/** The processes that this one started. */
export async function childrenOf(parent: number): Promise<ProcessLine[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null && Number(match[2]) === parent)
    .map((match) => ({ pid: Number(match?.[1]), command: match?.[3] ?? '' }));
}
