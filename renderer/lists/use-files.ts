/** How many files are open together: frames are told with their file's number where there are several. */
import { useMemo } from 'react';
import { useAppState } from '../core/app-context.ts';
import { fileName } from '../words/file-text.ts';
import { vantageName } from '../words/join-text.ts';

export function useFiles(): number {
  return useAppState((state) => state.summary?.files.length ?? 1);
}

/** What each file is called in hints: by its capture point where captures are joined, else by its name. */
export function useFileNames(): readonly string[] {
  const files = useAppState((state) => state.summary?.files);
  const join = useAppState((state) => state.join);
  return useMemo(
    () =>
      (files ?? []).map(({ path }, file) => {
        const vantage = join?.vantages.find((one) => one.files.includes(file));
        return vantage === undefined ? fileName(path) : vantageName(vantage.name);
      }),
    [files, join],
  );
}
