/** What a node's packet filter drops without a word. */
import type { Lab } from '../scenario.ts';

/** Drops what matches in a table of the scenario's own, one at a node; the returned call takes the table away again. */
export async function drop(
  lab: Lab,
  node: string,
  hook: 'input' | 'forward' | 'output',
  ...matches: string[]
): Promise<() => Promise<void>> {
  const table = `inet drop${lab.port}`;
  const rules = matches.map((match) => `${match} drop`).join('\n');
  await lab.nftScript(
    node,
    `table ${table} {\n chain c { type filter hook ${hook} priority -20;\n ${rules}\n }\n }`,
  );
  return () => lab.nftScript(node, `delete table ${table}`);
}

/** A path that loses as many of a hundred packets of this port, both ways. */
export async function lose(lab: Lab, percent: number): Promise<void> {
  const matches = ['dport', 'sport'].map(
    (side) => `tcp ${side} ${lab.port} numgen random mod 100 < ${percent}`,
  );
  await drop(lab, lab.router('middle'), 'forward', ...matches);
}
