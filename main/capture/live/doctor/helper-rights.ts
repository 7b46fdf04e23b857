/**
 * What is wrong with the rights of the helper's files, and the one command that cures it.
 *
 * Who may run a helper with capabilities may read the traffic of everybody on this machine. So a helper with rights is root's and
 * its group's alone, as Debian's dumpcap is; 0750 rather than 0754, for nobody but who runs it has a use for reading it.
 */
import type { CaptureProblem } from '../../../../shared/model/live.ts';
import { shellWord } from '../sources/source.ts';
import { CAPTURE_CAPABILITIES, type HelperFile, WITNESS_CAPABILITIES } from './helper-file.ts';

type Problem = Omit<CaptureProblem, 'weight'>;

export interface RightsFacts {
  readonly helper: HelperFile | null;
  /** The copy that may ask the kernel witness. */
  readonly witnessHelper: HelperFile | null;
  readonly userName: string;
  /** Whether packages are Debian's here. */
  readonly hasDpkg: boolean;
}

const GROUP = 'resetscope';
/** Where Debian's package puts the helper; its own configuration gives the rights there. */
const PACKAGED = '/usr/lib/resetscope/';
const RECONFIGURE = 'sudo dpkg-reconfigure resetscope';
/** Helpers that were copied are found here. */
const COPIES = '/usr/local/bin/';

const LOG_IN_AGAIN =
  'The group counts from the next login on; newgrp resetscope makes it count at once in one terminal and for what is started there.';

/** Why the helper cannot capture although it is there. */
export function refusalProblem(helper: HelperFile, facts: RightsFacts): Problem {
  if (helper.isNosuid) return nosuidProblem(helper, facts);
  if (isForOthersInGroup(helper)) return groupProblem(helper, facts.userName);
  return {
    code: 'no-capability',
    title: 'The capture helper has no right to capture',
    text: isPackaged(helper, facts)
      ? `The package gives it on request, to members of the group ${GROUP} only: choose “capture”, or “witness” for the kernel’s word as well; then add yourself with sudo usermod -aG ${GROUP} ${shellWord(facts.userName)}. ${LOG_IN_AGAIN}`
      : `It needs two capabilities, as its own: nothing else of this program gets them, and it gives them up once the interface is open. Only members of the group ${GROUP} may run it then, you among them. ${LOG_IN_AGAIN}`,
    command: rightsCommand(helper, CAPTURE_CAPABILITIES, facts),
  };
}

/** Why the kernel witness cannot be asked although captures work. */
export function witnessProblem(facts: RightsFacts, build: string): Problem {
  const { witnessHelper } = facts;
  const problem = {
    code: 'witness-unavailable',
    title: 'The kernel cannot be asked which resets it sent',
    text: `Trace events are root’s. A copy of the helper of its own, resetscope-capd-witness, gets at them with two more capabilities, which it gives up as it does the others; until then verdicts rest on packets alone. ${LOG_IN_AGAIN}`,
  };
  if (witnessHelper === null) {
    return {
      ...problem,
      text: `The copy of the helper that could ask it was not built. ${problem.text}`,
      command: build,
    };
  }
  if (witnessHelper.isNosuid) return { ...problem, command: nosuidProblem(witnessHelper, facts).command };
  if (isForOthersInGroup(witnessHelper)) {
    return { ...groupProblem(witnessHelper, facts.userName), code: problem.code, title: problem.title };
  }
  return {
    ...problem,
    text: isPackaged(witnessHelper, facts)
      ? `${problem.text} The package gives them where “witness” is chosen.`
      : problem.text,
    command: rightsCommand(witnessHelper, WITNESS_CAPABILITIES, facts),
  };
}

/** What lets others do more than they should, whether captures work or not. */
export function dangers(facts: RightsFacts): CaptureProblem[] {
  const { helper, witnessHelper } = facts;
  const found: Problem[] = [];
  if (helper !== null && isOpenToAll(helper)) {
    found.push(openProblem(helper, CAPTURE_CAPABILITIES, 'helper-for-everybody', facts));
  } else if (helper !== null && !helper.isNosuid && maySeeKernel(helper)) {
    found.push({
      code: 'helper-too-mighty',
      title: 'The capture helper has more rights than capturing takes',
      text: `${helper.path} has cap_sys_admin, which is nearly all that root may. It gives that up at once; only its copy resetscope-capd-witness asks the kernel. ${LOG_IN_AGAIN}`,
      command: rightsCommand(helper, CAPTURE_CAPABILITIES, facts),
    });
  }
  if (witnessHelper !== null && isOpenToAll(witnessHelper)) {
    found.push(openProblem(witnessHelper, WITNESS_CAPABILITIES, 'witness-for-everybody', facts));
  }
  return found.map((problem) => ({ ...problem, weight: 'danger' }));
}

/** Whether whoever may run the file may ask the kernel for its trace events. */
export function maySeeKernel({ capabilities }: HelperFile): boolean {
  return capabilities.includes('cap_sys_admin') && capabilities.includes('cap_dac_override');
}

function isOpenToAll(file: HelperFile): boolean {
  return file.isForEverybody && !file.isNosuid && (file.capabilities.length > 0 || file.isSetUidRoot);
}

function isForOthersInGroup({ mayRun, isForGroup, group }: HelperFile): boolean {
  return !mayRun && isForGroup && group.membership !== 'now';
}

function openProblem(
  file: HelperFile,
  capabilities: readonly string[],
  code: string,
  facts: RightsFacts,
): Problem {
  return {
    code,
    title: 'Every user of this machine may capture its traffic',
    text: `${file.path} has the right to capture and may be run by everybody. It belongs to a group whose members alone may run it. ${LOG_IN_AGAIN}`,
    command: rightsCommand(file, capabilities, facts),
  };
}

function groupProblem({ path, group }: HelperFile, userName: string): Problem {
  const code = 'helper-group';
  if (group.membership === 'from-next-login') {
    return {
      code,
      title: `You are in the group ${group.name} from the next login on`,
      text: `${path} may be run by members of the group ${group.name} only, and this session began before you were one. Log out and in again; the command makes it count in the terminal where it is typed, and for what is started there.`,
      command: `newgrp ${shellWord(group.name)}`,
    };
  }
  return {
    code,
    title: `You are not in the group ${group.name}`,
    text: `${path} may be run by members of the group ${group.name} only. The change counts from the next login on; newgrp ${group.name} makes it count at once in one terminal and for what is started there.`,
    command: `sudo usermod -aG ${shellWord(group.name)} ${shellWord(userName)}`,
  };
}

function nosuidProblem(helper: HelperFile, facts: RightsFacts): Problem {
  const isWitness = helper === facts.witnessHelper;
  const target = `${COPIES}${isWitness ? 'resetscope-capd-witness' : 'resetscope-capd'}`;
  const install = `sudo install -o root -m 700 ${shellWord(helper.path)} ${target}`;
  const capabilities = isWitness ? WITNESS_CAPABILITIES : CAPTURE_CAPABILITIES;
  return {
    code: 'nosuid',
    title: 'The capture helper lies where capabilities do not count',
    text: `Its file system is mounted nosuid, as an AppImage is. A copy outside of it can have the right to capture, and is found there. Only members of the group ${GROUP} may run it, you among them. ${LOG_IN_AGAIN}`,
    command: `${install} && ${grant(target, capabilities, facts.userName)}`,
  };
}

function isPackaged({ path }: HelperFile, { hasDpkg }: RightsFacts): boolean {
  return hasDpkg && path.startsWith(PACKAGED);
}

function rightsCommand(file: HelperFile, capabilities: readonly string[], facts: RightsFacts): string {
  return isPackaged(file, facts) ? RECONFIGURE : grant(file.path, capabilities, facts.userName);
}

/**
 * The order matters: a change of the owner takes capabilities away, and before the mode is right nobody but root shall run a file
 * that has them. An owner other than root could open it to everybody again.
 */
function grant(path: string, capabilities: readonly string[], userName: string): string {
  const file = shellWord(path);
  return [
    `groupadd --system --force ${GROUP}`,
    `chown root ${file}`,
    `chgrp ${GROUP} ${file}`,
    `chmod 750 ${file}`,
    `setcap ${capabilities.join(',')}=eip ${file}`,
    // Root needs no group.
    ...(userName === 'root' ? [] : [`usermod -aG ${GROUP} ${shellWord(userName)}`]),
  ]
    .map((step) => `sudo ${step}`)
    .join(' && ');
}
