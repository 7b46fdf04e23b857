import { DEED, defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { SHUTDOWN } from './settings/shutdown.ts';

export const processExit = defineCause({
  code: 'process-exit',
  title: 'Process ended',
  what: 'The process that held the connection ended or was killed, and its stack closed the sockets. Where received data was unread, or data came later, the other side gets a reset.',
  seen: `The other side sees ${RESET_ERROR} on many connections at once. The process itself is gone.`,
  fatal:
    'Fatal for every connection of that process; the host itself is well and refuses new connections until the program is back.',
  unlike:
    'A host that lost power or network would send nothing, and the other side would run into a timeout; a drained shutdown would send FIN after the last reply.',
  dataLoss:
    'Yes: requests under way are lost, at most the verdict’s unacknowledged bytes plus what the process had read and not yet worked off.',
  client: [
    'Ask whether a program was closed then: a browser or an application that quits ends all its connections in one moment. If not, look whether it crashed: journalctl, coredumpctl list, exit codes of its supervisor, Windows Event Viewer.',
  ],
  server: [
    'Look for a crash or restart at this time: journalctl -u SERVICE, coredumpctl list, dmesg | grep -i "killed process".',
    'In containers: kubectl describe pod (OOMKilled, Liveness probe failed), docker inspect (ExitCode).',
    'Let it drain on restart: stop accepting, finish, then exit, and give it longer for that than its slowest request takes.',
  ],
  confirm:
    'Resets of several connections of one process come within milliseconds, at the time of its exit in the log.',
  settings: SHUTDOWN,
  harmless: false,
  mechanisms: DEED,
});
