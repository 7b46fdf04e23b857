/** What a cause of resets, or a failure without one, means. Needs no capture. */
import * as v from 'valibot';
import { causeOf } from '../../../shared/causes/list.ts';
import { nearest } from '../../../shared/filter/suggest.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { CAUSE_CODES, type CauseCode } from '../../../shared/model/cause.ts';
import { FAILURE_KINDS, type FailureKind } from '../../../shared/model/failure.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { firstOf } from '../bounded.ts';
import { words } from '../forms/shared-parts.ts';
import { defineTool } from '../tool.ts';

const CODES: readonly string[] = [...CAUSE_CODES, ...FAILURE_KINDS];

const explanation = v.strictObject({
  code: words,
  of: v.picklist(['reset', 'failure']),
  title: words,
  what: words,
  seen: words,
  client: v.array(words),
  server: v.array(words),
  path: v.array(words),
  confirm: words,
  harmless: v.boolean(),
  settings: v.array(
    v.strictObject({
      system: words,
      setting: words,
      default: words,
      since: v.nullable(words),
      source: words,
    }),
  ),
});
export type Explanation = v.InferInput<typeof explanation>;

export const explainTool = defineTool({
  name: 'explain',
  title: 'Explain a cause',
  description:
    'What a cause of resets (as “verdict” names it) or a kind of failure means, what programs see of it, what to check on each side, and which settings of common systems bring it about.',
  quotesPackets: false,
  input: v.strictObject({
    code: v.pipe(v.string(), v.maxLength(100), v.description('Such as idle-timeout or no-answer.')),
  }),
  output: explanation,
  run: ({ code }) => Promise.resolve(explain(code)),
});

/** @throws RpcError 'not-found' with what may have been meant */
export function explain(code: string): Explanation {
  if ((CAUSE_CODES as readonly string[]).includes(code)) return ofCause(code as CauseCode);
  if ((FAILURE_KINDS as readonly string[]).includes(code)) return ofFailure(code as FailureKind);
  const meant = nearest(code, CODES);
  const hint = meant === undefined ? `there are ${CODES.join(', ')}` : `did you mean “${meant}”?`;
  throw new RpcError('not-found', `there is no cause or failure “${sanitiseText(code, 60)}”; ${hint}`);
}

function ofCause(code: CauseCode): Explanation {
  const text = causeOf(code);
  return {
    code,
    of: 'reset',
    title: text.title,
    what: text.what,
    seen: `${text.seen} ${text.fatal} ${text.dataLoss}`,
    client: [...text.client],
    server: [...text.server],
    path: [],
    confirm: text.confirm,
    harmless: text.harmless,
    settings: firstOf(text.settings ?? []).list.map(({ system, setting, default: value, since, source }) => ({
      system,
      setting,
      default: value,
      since: since ?? null,
      source,
    })),
  };
}

function ofFailure(code: FailureKind): Explanation {
  const text = FAILURE_KIND_TEXTS[code];
  return {
    code,
    of: 'failure',
    title: text.title,
    what: text.what,
    seen: text.seen,
    client: [...text.client],
    server: [...text.server],
    path: [...text.path],
    confirm: text.confirm,
    harmless: false,
    settings: [],
  };
}
