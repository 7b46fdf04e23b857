/** What is said of a fleet: places, times, what hosts saw, and how sure that makes anybody. Text of tables is made safe to show here. */
import { storeOf } from '../../shared/fleet/place-name.ts';
import { resetIdText } from '../../shared/fleet/scope-text.ts';
import { durationText } from '../../shared/format/duration.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type {
  FleetJoin,
  FleetResetId,
  FleetScope,
  FleetWitness,
  HostCoverage,
} from '../../shared/model/fleet.ts';
import { fileName } from './file-text.ts';

/** Longest text of a table that a line shows. */
const MAX_LINE = 300;
/** Longest sentence. */
const MAX_SENTENCE = 2000;

/** A word of a foreign table: a host, a site, an address. */
export function tableText(text: string): string {
  return sanitiseText(text, MAX_LINE);
}

export function tableSentence(text: string): string {
  return sanitiseText(text, MAX_SENTENCE);
}

/** `fleet` of /srv/fleet, `db.example/fleet` of a server. */
export function fleetName(place: string): string {
  if (storeOf(place) === 'folder') return fileName(place);
  return tableText(place.replace(/^clickhouse:\/\//i, '').replace(/^[^@/]*@/, ''));
}

/** `2026-01-02 03:04:05`, UTC. */
export function utcText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** With the milliseconds. */
export function utcMillisText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 23).replace('T', ' ');
}

/** `2026-01-02 03:04 – 05:30` where both are of one day. */
export function spanText(fromMs: number, toMs: number): string {
  const from = utcText(fromMs).slice(0, 16);
  const to = utcText(toMs).slice(0, 16);
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to} UTC`;
}

/** How long something lasted. */
export function lastedText(ms: number): string {
  return durationText(Math.max(0, ms) * 1e6);
}

export const SEES: Readonly<Record<FleetWitness['sees'], { readonly word: string; readonly about: string }>> =
  {
    seen: { word: 'saw it', about: 'The reset is in its capture.' },
    absent: {
      word: 'never saw it',
      about: 'It holds the connection, and the reset is not among its packets.',
    },
    unclear: { word: 'cannot say', about: 'What it holds says neither.' },
  };

export const MATCHED_BY: Readonly<Record<FleetWitness['by'], string>> = {
  'match-key': 'known by both ends and the client’s initial sequence number',
  'isn-key': 'known by the client’s initial sequence number: addresses are translated in between',
  'ends-and-time': 'known by both ends and the time only',
};

export const JOINED: Readonly<
  Record<
    FleetJoin['verdict'],
    { readonly name: string; readonly about: string; readonly tone: 'bad' | 'good' | 'plain' }
  >
> = {
  forged: {
    name: 'Proven: forged',
    about: 'A host nearer to the claimed sender shows that it never sent this reset.',
    tone: 'bad',
  },
  sent: {
    name: 'Proven: sent by its owner’s side',
    about: 'A host nearer to the claimed sender saw it pass.',
    tone: 'good',
  },
  open: {
    name: 'Not proven by other hosts',
    about: 'No other host settles who sent it.',
    tone: 'plain',
  },
};

/** `sensor-1 · eth0`. */
export function hostText({ host, interface: name }: Pick<HostCoverage, 'host' | 'interface'>): string {
  return name === null ? tableText(host) : `${tableText(host)} · ${tableText(name)}`;
}

/** `shop.example (192.0.2.7:443)`. */
export function serverText(server: string, name: string | null): string {
  return name === null || name === '' ? tableText(server) : `${tableText(name)} (${tableText(server)})`;
}

/** The command that says the same of this reset in a terminal. */
export function joinCommand(place: string, id: FleetResetId): string {
  return `resetscope fleet join --reset ${resetIdText(id)} --store ${shellWord(place)}`;
}

/** Whether anything is left out of what is asked. */
export function isNarrowed(scope: FleetScope): boolean {
  return Object.keys(scope).length > 0;
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Title of a column that counts who captured, which is not who sent. */
export const CAPTURING_HOSTS = 'Hosts';
