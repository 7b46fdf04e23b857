/** What the tools of `resetscope mcp` answer. */
import { TOOLS } from '../../mcp/tools/list.ts';
import type { Contract } from './contract.ts';

export const MACHINE_CONTRACTS: readonly Contract[] = TOOLS.map(({ name, title, output }) => ({
  name: `mcp-${name.replaceAll('_', '-')}`,
  title: `Answer of the tool ${name} of an agent’s interface: ${title}`,
  schema: output,
  command: ['mcp', '--allow', 'DIR'],
  isTestedApart: true,
}));
