/** Filters that this browser keeps: those used lately, and those saved under a name. */
import { useSyncExternalStore } from 'react';

export interface SavedFilter {
  readonly name: string;
  readonly text: string;
}

export interface KeptFilters {
  /** The newest first. */
  readonly recent: readonly string[];
  readonly saved: readonly SavedFilter[];
}

const KEY = 'resetscope.filters';
const MOST_RECENT = 15;
const MOST_SAVED = 50;
const NONE: KeptFilters = { recent: [], saved: [] };

let kept: KeptFilters | undefined;
const listeners = new Set<() => void>();

function read(): KeptFilters {
  try {
    return fromJson(JSON.parse(localStorage.getItem(KEY) ?? 'null'));
  } catch {
    return NONE;
  }
}

/** What other versions, or people, have left there is taken for nothing where it is not what is expected. */
function fromJson(json: unknown): KeptFilters {
  if (typeof json !== 'object' || json === null) return NONE;
  const { recent, saved } = json as Readonly<Record<string, unknown>>;
  return {
    recent: Array.isArray(recent)
      ? recent.filter((one): one is string => typeof one === 'string').slice(0, MOST_RECENT)
      : [],
    saved: Array.isArray(saved) ? saved.filter((one) => isSaved(one)).slice(0, MOST_SAVED) : [],
  };
}

function isSaved(one: unknown): one is SavedFilter {
  if (typeof one !== 'object' || one === null) return false;
  const { name, text } = one as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof text === 'string';
}

function write(next: KeptFilters): void {
  kept = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // A browser that refuses storage keeps them for this session.
  }
  for (const listener of listeners) listener();
}

export function keptFilters(): KeptFilters {
  kept ??= read();
  return kept;
}

export function useKeptFilters(): KeptFilters {
  return useSyncExternalStore(subscribe, keptFilters);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A filter that somebody went on with. */
export function noteFilter(text: string): void {
  const filter = text.trim();
  if (filter === '') return;
  const { recent, saved } = keptFilters();
  if (recent[0] === filter) return;
  write({ recent: [filter, ...recent.filter((one) => one !== filter)].slice(0, MOST_RECENT), saved });
}

export function saveFilter(name: string, text: string): void {
  const { recent, saved } = keptFilters();
  const others = saved.filter((one) => one.name !== name);
  write({ recent, saved: [...others, { name, text }].slice(-MOST_SAVED) });
}

export function forgetFilter(name: string): void {
  const { recent, saved } = keptFilters();
  write({ recent, saved: saved.filter((one) => one.name !== name) });
}
