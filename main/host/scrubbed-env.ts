/** The environment of the engine process: a list of what it may have, since it parses hostile input. */

const PASSED_ON =
  /^(PATH|LANG|LC_\w+|TZ|TMPDIR|TMP|TEMP|SystemRoot|windir|SSH_AUTH_SOCK|RESETSCOPE_LOG|RESETSCOPE_CONFINE)$/;

/**
 * Leaves out NODE_OPTIONS, LD_PRELOAD, ELECTRON_RUN_AS_NODE and everybody's secrets. Where the user's ssh agent listens
 * is passed on, for captures through ssh: an agent gives away signatures, never keys.
 */
export function scrubbedEnv(env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => {
      return PASSED_ON.test(entry[0]) && entry[1] !== undefined;
    }),
  );
}
