/** What the application says in the packets that are in view, asked for when they have been there for a moment. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { BOUNDS } from '../../../shared/contract/schemas.ts';
import { useApp } from '../../core/app-context.ts';
import type { FlowPackets } from '../../ladder/flow-packets.ts';

/** While one scrolls by, nothing is read. */
const REST_MS = 90;
const MOST_KEPT = 5000;
const NONE: ReadonlyMap<number, string> = new Map();

export function useMessages(packets: FlowPackets | null): {
  readonly messages: ReadonlyMap<number, string>;
  readonly onView: (first: number, end: number) => void;
} {
  const { link } = useApp();
  const [messages, setMessages] = useState(NONE);
  const asked = useRef(new Set<number>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const abort = useRef(new AbortController());

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      abort.current.abort();
      abort.current = new AbortController();
      asked.current.clear();
    },
    [link],
  );

  const onView = useCallback(
    (first: number, end: number) => {
      clearTimeout(timer.current);
      if (packets === null) return;
      timer.current = setTimeout(() => {
        const wanted = unasked(packets, first, end, asked.current);
        if (wanted.length === 0) return;
        if (asked.current.size > MOST_KEPT) asked.current.clear();
        for (const packet of wanted) asked.current.add(packet);
        link.call('packets.messages', { packets: wanted }, abort.current.signal).then(
          (texts) => {
            setMessages((before) => {
              const next = new Map(before.size > MOST_KEPT ? NONE : before);
              texts.forEach((text, index) => {
                if (text !== '') next.set(wanted[index], text);
              });
              return next;
            });
          },
          // A ladder without these words is still a ladder; the packets' file may be gone.
          () => undefined,
        );
      }, REST_MS);
    },
    [link, packets],
  );
  return { messages, onView };
}

function unasked({ columns }: FlowPackets, first: number, end: number, asked: ReadonlySet<number>): number[] {
  const wanted: number[] = [];
  for (let at = first; at < end && wanted.length < BOUNDS.messages; at++) {
    if (columns.payload[at] > 0 && !asked.has(columns.packet[at])) wanted.push(columns.packet[at]);
  }
  return wanted;
}
