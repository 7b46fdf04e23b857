/** Folds a CPU profile of V8 by the sources that its samples fell into. */

/**
 * Microseconds by source. Functions that the compiler put into others are counted where they were written, for V8 tells so of each sample.
 * @param {{ nodes: object[], samples: number[], timeDeltas: number[] }} profile
 * @param {number} longestMicros of one sample: what is longer is time in which the thread did not run, for others did
 * @param {(url: string, line: number, column: number) => string} sourceOf lines and columns from 0
 * @returns {Map<string, number>} what V8 does itself is named as it names it, in parentheses
 */
export function foldBySource({ nodes, samples, timeDeltas }, longestMicros, sourceOf) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame, sourceOf)]));
  const spent = new Map();
  for (const [i, node] of samples.entries()) {
    const name = names.get(node);
    // A clock may be set back between two samples.
    spent.set(name, (spent.get(name) ?? 0) + Math.min(longestMicros, Math.max(0, timeDeltas[i])));
  }
  return spent;
}

function nameOf({ url, functionName, lineNumber, columnNumber }, sourceOf) {
  if (url === '') return /^\(.*\)$/.test(functionName) ? functionName : '(native)';
  if (url.startsWith('node:')) return '(node)';
  return sourceOf(url, lineNumber, columnNumber);
}

/**
 * @param {Map<string, number>} spent by source
 * @param {readonly (readonly [stage: string, sources: RegExp])[]} stages the first that fits takes it
 * @returns {Map<string, number>} by stage, in their order; what fits none is the rest
 */
export function foldByStage(spent, stages) {
  const sums = new Map(stages.map(([stage]) => [stage, 0]));
  for (const [source, microseconds] of spent) {
    const stage = stages.find(([, sources]) => sources.test(source))?.[0] ?? 'rest';
    sums.set(stage, (sums.get(stage) ?? 0) + microseconds);
  }
  return sums;
}
