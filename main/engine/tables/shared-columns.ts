/** Columns that several tables have, so that they can be joined by them. */
import { endpointParts } from '../../../shared/format/endpoint.ts';
import { type Cell, type Column, knownText } from './column.ts';

interface Framed {
  readonly file: number;
  readonly frame: number;
}

interface BetweenTwo {
  readonly client: string;
  readonly server: string;
  readonly serverName: string;
}

export function frameColumns<Row>(framed: (row: Row) => Framed, what: string): readonly Column<Row>[] {
  return [
    {
      name: 'file',
      type: 'text',
      about: `the capture file that holds ${what}`,
      read: (row, context) => context.path(framed(row).file),
    },
    {
      name: 'frame',
      type: 'int',
      about: `number of ${what} in its file, from 1`,
      read: (row) => framed(row).frame,
    },
  ];
}

export function endColumns<Row>(ends: (row: Row) => BetweenTwo): readonly Column<Row>[] {
  const part =
    (side: 'client' | 'server', name: 'address' | 'port') =>
    (row: Row): Cell =>
      endpointParts(ends(row)[side])[name];
  return [
    {
      name: 'client_address',
      type: 'text',
      about: 'who opened the connection',
      read: part('client', 'address'),
    },
    { name: 'client_port', type: 'int', about: 'its port', read: part('client', 'port') },
    { name: 'server_address', type: 'text', about: 'whom it was opened to', read: part('server', 'address') },
    { name: 'server_port', type: 'int', about: 'its port', read: part('server', 'port') },
    {
      name: 'server_name',
      type: 'text',
      about: 'SNI, HTTP host or DNS name of the server',
      read: (row) => knownText(ends(row).serverName),
    },
  ];
}
