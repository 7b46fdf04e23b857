/** The environment of the processes that handle foreign bytes: a list of what they may have. */

const PASSED_ON =
  /^(PATH|LANG|LC_\w+|TZ|TMPDIR|TMP|TEMP|SystemRoot|windir|RESETSCOPE_LOG|RESETSCOPE_CONFINE)$/;

/**
 * Leaves out NODE_OPTIONS, LD_PRELOAD, ELECTRON_RUN_AS_NODE and everybody's secrets.
 * @param more variables that this process needs besides: the one that captures is told where the user's ssh agent listens, which
 *   gives away signatures, never keys
 */
export function scrubbedEnv(
  env: Readonly<NodeJS.ProcessEnv>,
  more: readonly string[] = [],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => {
      return (PASSED_ON.test(entry[0]) || more.includes(entry[0])) && entry[1] !== undefined;
    }),
  );
}
