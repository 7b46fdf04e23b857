import type { ExportOrder } from '../../shared/model/export.ts';
import { useApp } from '../core/app-context.ts';
import type { Exported, ExportStep } from './run-export.ts';
import { runExport } from './run-export.ts';
import type { TaskState } from './use-task.ts';
import { useTask } from './use-task.ts';

export type ExportState = TaskState<ExportStep, Exported>;

/** @param key what is wanted: what was made of something else is forgotten */
export function useExport(key: string) {
  const { link } = useApp();
  const { state, start, cancel } = useTask<ExportStep, Exported>(key);
  return {
    state,
    cancel,
    start: (order: ExportOrder): void => {
      start({ kind: 'preparing', done: 0 }, (tell, signal) => runExport(link, order, tell, signal));
    },
  };
}
