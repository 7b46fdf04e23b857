/** Which connections a capture shows, and what is true of each: failed, healthy, or not settled. */
import type { Segment } from './frames.ts';
import type { TruthBook } from './label.ts';
import { type ConnectionsTruth, type FailureTruth, type Outcomes, portsKey, portsOf } from './outcomes.ts';
import type { LabelledCapture } from './output.ts';
import type { Place } from './places.ts';
import { hostPort } from './plan.ts';

/** @param judged whether failures are looked for: not in captures that were made worse, which may not show them */
export function connectionsOf(
  place: Place,
  capture: LabelledCapture,
  book: TruthBook,
  outcomes: Outcomes,
  judged: boolean,
): ConnectionsTruth {
  const failures: FailureTruth[] = [];
  const unsettled: string[] = [];
  let healthy = 0;
  for (const { client, server, key, scenario } of seenIn(capture, book)) {
    const rule = book.failureOf(...portsOf(key));
    if (rule === undefined) {
      if (outcomes.health(key) === 'healthy') healthy++;
      else unsettled.push(`${client} ${server}`);
      continue;
    }
    const here = rule.at?.[place];
    const kind = here === undefined ? rule.kind : here;
    if (kind === null || !judged) {
      unsettled.push(`${client} ${server}`);
      continue;
    }
    const { alternatives = [], side, recovered = false, matters = !recovered } = rule;
    failures.push({ place, scenario, client, server, kind, alternatives, side, recovered, matters });
  }
  return { failures, healthy, unsettled };
}

interface SeenConnection {
  readonly client: string;
  readonly server: string;
  readonly key: string;
  readonly scenario: string;
}

function seenIn(capture: LabelledCapture, book: TruthBook): Iterable<SeenConnection> {
  const seen = new Map<string, SeenConnection>();
  for (const { segment, scenario } of capture.frames) {
    // An error quotes a packet; what it is about has its own frames, but for what was lost before this place.
    if (segment === null || segment.isQuoted) continue;
    const connection = ends(segment, book, scenario);
    seen.set(`${connection.client} ${connection.server}`, connection);
  }
  return seen.values();
}

function ends(segment: Segment, book: TruthBook, scenario: string): SeenConnection {
  const port = book.serverPortOf(segment);
  const source = hostPort(segment.source, segment.sourcePort);
  const target = hostPort(segment.target, segment.targetPort);
  const isFromServer = segment.sourcePort === port;
  return {
    client: isFromServer ? target : source,
    server: isFromServer ? source : target,
    key: portsKey(segment, port),
    scenario,
  };
}
