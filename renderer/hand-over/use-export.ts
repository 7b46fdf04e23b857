/** One export at a time for a part of the dialog; it ends with the part. */
import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import type { ExportOrder } from '../../shared/model/export.ts';
import { useApp } from '../core/app-context.ts';
import type { Exported, ExportStep } from './run-export.ts';
import { runExport } from './run-export.ts';

export type ExportState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly step: ExportStep }
  | { readonly phase: 'ready'; readonly exported: Exported }
  | { readonly phase: 'failed'; readonly message: string };

const IDLE: ExportState = { phase: 'idle' };

/** @param key what is wanted: what was made of something else is forgotten */
export function useExport(key: string) {
  const { link } = useApp();
  const [kept, setKept] = useState({ key, state: IDLE });
  const running = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [key],
  );
  const start = (order: ExportOrder): void => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    const tell = (state: ExportState): void => {
      if (!abort.signal.aborted) setKept({ key, state });
    };
    tell({ phase: 'running', step: { kind: 'preparing', done: 0 } });
    runExport(
      link,
      order,
      (step) => {
        tell({ phase: 'running', step });
      },
      abort.signal,
    ).then(
      (exported) => {
        tell({ phase: 'ready', exported });
      },
      (error: unknown) => {
        tell({ phase: 'failed', message: errorText(error) });
      },
    );
  };
  const cancel = (): void => {
    running.current?.abort();
    setKept({ key, state: IDLE });
  };
  return { state: kept.key === key ? kept.state : IDLE, start, cancel };
}
