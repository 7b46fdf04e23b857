/** What people read about the confinement of the process that reads captures. */
import type { Confinement } from '../model/confinement.ts';

export function confinementText({ isConfined, why }: Confinement): string {
  if (!isConfined) return `The process that reads captures is not confined: ${why ?? 'nobody knows why'}.`;
  const all =
    'The process that reads captures is confined: no network, no programs, no view into other processes, no writing';
  return why === null ? `${all}.` : `${all}; but ${why}.`;
}
