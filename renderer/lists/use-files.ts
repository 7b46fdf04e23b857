/** How many files are open together: frames are told with their file's number where there are several. */
import { useAppState } from '../core/app-context.ts';

export function useFiles(): number {
  return useAppState((state) => state.summary?.files.length ?? 1);
}
