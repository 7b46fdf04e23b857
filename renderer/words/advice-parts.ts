/** Advice in parts, as it is read: first the one thing to do, then the rest; names of settings and commands step back. */

/** A run of text; an aside stands in parentheses, which it keeps. */
export interface AdviceRun {
  readonly text: string;
  readonly isAside: boolean;
}

export interface AdviceParts {
  readonly lead: readonly AdviceRun[];
  /** Empty where one sentence says all. */
  readonly rest: readonly AdviceRun[];
}

export function adviceParts(advice: string): AdviceParts {
  const end = endOfSentence(advice);
  return { lead: runsOf(advice.slice(0, end).trim()), rest: runsOf(advice.slice(end).trim()) };
}

/** Where the first sentence ends: a stop outside parentheses, before a space and what begins a sentence. */
function endOfSentence(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(') depth++;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if ((char === '.' || char === '?') && depth === 0 && /^\s+[\p{Lu}\d[“]/u.test(text.slice(i + 1)))
      return i + 1;
  }
  return text.length;
}

/** Parentheses that belong to a word, as those of SetLinger(0), are none of their own. */
const ASIDE = /(?<=^|\s)\((?:[^()]|\([^()]*\))*\)/gu;

function runsOf(text: string): AdviceRun[] {
  const runs: AdviceRun[] = [];
  let from = 0;
  for (const { 0: aside, index } of text.matchAll(ASIDE)) {
    if (index > from) runs.push({ text: text.slice(from, index), isAside: false });
    runs.push({ text: aside, isAside: true });
    from = index + aside.length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), isAside: false });
  return runs;
}
