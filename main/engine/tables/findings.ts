/** The table of findings: resets of one origin, cause and server as one line. */
import type { Finding } from '../../../shared/model/finding.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import { type Column, knownText } from './column.ts';

export const FINDING_TABLE: readonly Column<Finding>[] = [
  {
    name: 'server_address',
    type: 'text',
    about: 'the server of its connections',
    read: ({ server }) => endpointParts(server).address,
  },
  { name: 'server_port', type: 'int', about: 'its port', read: ({ server }) => endpointParts(server).port },
  { name: 'server_name', type: 'text', about: 'its name', read: ({ serverName }) => knownText(serverName) },
  {
    name: 'origin',
    type: 'text',
    about: 'who sent its resets: endpoint, middlebox or unknown',
    read: ({ kind }) => kind,
  },
  {
    name: 'origin_side',
    type: 'text',
    about: 'on which side they were made: client, server or path',
    read: ({ side }) => (side === 'none' ? null : side),
  },
  {
    name: 'origin_hops',
    type: 'int',
    unit: 'routers',
    about: 'between the capture point and who sent them',
    read: ({ hops }) => hops,
  },
  { name: 'origin_label', type: 'text', about: 'the same for people', read: ({ label }) => label },
  {
    name: 'claimed',
    type: 'text',
    about: 'whose address they carry: client, server or both',
    read: ({ claimed }) => claimed,
  },
  { name: 'cause', type: 'text', about: 'why they were sent', read: ({ cause }) => cause },
  { name: 'count', type: 'int', unit: 'resets', about: 'in it', read: ({ count }) => count },
  {
    name: 'matters',
    type: 'int',
    unit: 'resets',
    about: 'that ended work that was not finished',
    read: ({ matters }) => matters,
  },
  { name: 'noise', type: 'flag', about: 'none of its resets matters', read: ({ noise }) => noise },
  {
    name: 'clients',
    type: 'int',
    unit: 'addresses',
    about: 'that it happened to',
    read: ({ clients }) => clients,
  },
  { name: 'first', type: 'time', about: 'its first reset', read: ({ firstNs }) => firstNs },
  { name: 'last', type: 'time', about: 'its last reset', read: ({ lastNs }) => lastNs },
  {
    name: 'per_hour',
    type: 'real',
    unit: 'resets an hour',
    about: 'between the first and the last; empty for less than a minute',
    read: ({ perHour }) => perHour,
  },
  {
    name: 'idle_median_seconds',
    type: 'real',
    unit: 'seconds',
    about: 'of silence before its resets, in the middle',
    read: ({ idle }) => idle?.medianSeconds ?? null,
  },
  {
    name: 'idle_constant',
    type: 'flag',
    about: 'whether the silence is the same again and again, as a timer makes it',
    read: ({ idle }) => idle?.constant ?? null,
  },
  {
    name: 'idle_known_timeout',
    type: 'text',
    about: 'products whose timeout that is',
    read: ({ idle }) => idle?.matchesKnownTimeout ?? null,
  },
  {
    name: 'mean_confidence',
    type: 'real',
    unit: 'probability',
    about: 'that origin is right, mean over its resets',
    read: ({ meanConfidence }) => meanConfidence,
  },
  {
    name: 'example_resets',
    type: 'text',
    about: 'resets to look at, as in the table of resets, with blanks between them',
    read: ({ examples }) => knownText(examples.join(' ')),
  },
  {
    name: 'sentence',
    type: 'text',
    about: 'how many, who, where, when and why',
    read: ({ sentence }) => sentence,
  },
  { name: 'next', type: 'text', about: 'what to do now', read: ({ next }) => next },
];
