/** What can be written at the caret: known at once, and values of the capture as soon as the engine has told them. */
import { useEffect, useMemo, useState } from 'react';
import { quote } from '../../shared/filter/print.ts';
import { useApp } from '../core/app-context.ts';
import type { Completion, CompletionContext } from './complete.ts';
import { completionAt } from './complete.ts';

const MOST_VALUES = 12;

interface Told {
  readonly key: string;
  readonly items: readonly Completion[];
}

/** An offer of nothing but what already stands there would only cover the page. */
export function useCompletions(text: string, caret: number, isWanted: boolean): CompletionContext {
  const context = useOffers(text, caret, isWanted);
  const [only] = context.items;
  const isThere = context.items.length === 1 && only.text === text.slice(context.from, context.to);
  return isThere ? { ...context, items: [] } : context;
}

function useOffers(text: string, caret: number, isWanted: boolean): CompletionContext {
  const { link } = useApp();
  const context = useMemo(() => completionAt(text, caret), [text, caret]);
  const wanted = isWanted ? context.values : null;
  const field = wanted?.field.name ?? '';
  const prefix = wanted?.prefix ?? '';
  const isText = wanted?.field.type === 'string' && !/[A-Za-z]:\S*$/u.test(text.slice(0, caret));
  const key = `${field} ${prefix}`;
  const [told, setTold] = useState<Told>({ key: '', items: [] });
  useEffect(() => {
    if (field === '') return undefined;
    const abort = new AbortController();
    link.call('filter.values', { field, prefix, count: MOST_VALUES }, abort.signal).then(
      (values) => {
        setTold({
          key,
          items: values.map(({ text: value, count }) => ({
            text: isText && !value.startsWith('"') ? quote(value) : value,
            about: count === 1 ? 'in 1 packet' : `in ${count.toLocaleString('en')} packets`,
            kind: 'value',
          })),
        });
      },
      () => {
        // Without values of the capture there still are those that every capture may have.
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, field, prefix, key, isText]);
  if (told.key !== key || told.items.length === 0) return context;
  const seen = new Set(told.items.map((item) => item.text));
  return { ...context, items: [...told.items, ...context.items.filter((item) => !seen.has(item.text))] };
}
