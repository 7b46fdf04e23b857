/** The table of endpoints: totals of each address over the flows that pass. */
import type { EndpointRow } from '../../../shared/model/rows.ts';
import { type Column, knownText } from './column.ts';

export const ENDPOINT_TABLE: readonly Column<EndpointRow>[] = [
  { name: 'address', type: 'text', about: 'IPv4 or IPv6', read: (row) => row.address },
  { name: 'name', type: 'text', about: 'that the capture gives it', read: (row) => knownText(row.name) },
  { name: 'flows', type: 'int', about: 'that it took part in', read: (row) => row.flows },
  { name: 'packets', type: 'int', about: 'of those, in both directions', read: (row) => row.packets },
  {
    name: 'sent_bytes',
    type: 'int',
    unit: 'bytes',
    about: 'payload that it sent',
    read: (row) => row.sentBytes,
  },
  {
    name: 'received_bytes',
    type: 'int',
    unit: 'bytes',
    about: 'payload that it was sent',
    read: (row) => row.receivedBytes,
  },
  {
    name: 'failures',
    type: 'int',
    unit: 'flows',
    about: 'that failed without a reset',
    read: (row) => row.failures,
  },
  { name: 'resets', type: 'int', about: 'in its flows', read: (row) => row.resets },
  {
    name: 'resets_by_endpoint',
    type: 'int',
    unit: 'resets',
    about: 'sent by the host whose address they carry',
    read: (row) => row.byEndpoint,
  },
  {
    name: 'resets_by_middlebox',
    type: 'int',
    unit: 'resets',
    about: 'sent by a device on the path',
    read: (row) => row.byMiddlebox,
  },
  {
    name: 'resets_by_unknown',
    type: 'int',
    unit: 'resets',
    about: 'of which nobody can say',
    read: (row) => row.byUnknown,
  },
  { name: 'first', type: 'time', about: 'first packet of its flows', read: (row) => row.startNs },
  { name: 'last', type: 'time', about: 'last packet of its flows', read: (row) => row.endNs },
];
