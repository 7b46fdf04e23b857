/**
 * Reads what V8 prints with --trace-opt and --trace-deopt: which functions its optimising compiler made, how often, and why it threw
 * code away. One whose code is made again ran slowly twice: first without it, then until it was there again.
 */

const OPTIMISED =
  /^\[completed optimizing 0x[0-9a-f]+ <JSFunction ?(.*?) ?\(sfi = 0x[0-9a-f]+\)> \(target TURBOFAN\)(,? OSR)?/;
const DEOPTIMISED =
  /^\[bailout \(kind: ([\w-]+), reason: (.*?)\): begin\. deoptimizing 0x[0-9a-f]+ <JSFunction ?(.*?) ?\(sfi = /;

/**
 * @param {string} text
 * @returns {Map<string, { optimised: number, onStack: number, deoptimised: string[] }>} by function name: how often its code was made
 *   for calls and for loops that were running, and the reasons for which it was left
 */
export function readTraces(text) {
  const functions = new Map();
  const of = (name) => {
    const known = functions.get(name) ?? { optimised: 0, onStack: 0, deoptimised: [] };
    functions.set(name, known);
    return known;
  };
  for (const line of text.split('\n')) {
    const made = OPTIMISED.exec(line);
    if (made !== null) of(made[1] || '(anonymous)')[made[2] === undefined ? 'optimised' : 'onStack']++;
    const left = DEOPTIMISED.exec(line);
    if (left !== null) of(left[3] || '(anonymous)').deoptimised.push(left[2]);
  }
  return functions;
}

/** Those whose code was made more than once, or left, the most restless first. Functions without a name cannot be told apart. */
export function restless(functions) {
  return [...functions]
    .filter(([name]) => name !== '(anonymous)')
    .map(([name, one]) => ({ name, ...one }))
    .filter(({ optimised, deoptimised }) => optimised > 1 || deoptimised.length > 0)
    .toSorted((a, b) => b.optimised - a.optimised || b.deoptimised.length - a.deoptimised.length);
}

/** Reasons with their numbers, the most frequent first. */
export function reasons(texts) {
  const counts = new Map();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([text, times]) => (times === 1 ? text : `${text} (${times})`))
    .join('; ');
}
