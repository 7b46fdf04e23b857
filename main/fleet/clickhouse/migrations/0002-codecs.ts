/**
 * Columns as newer servers keep them smaller: times as differences of differences, words that come again and again by number, and
 * everything through zstd rather than LZ4.
 */
import { FLEET_KINDS, FLEET_TABLES, type FleetColumn } from '../../../../shared/fleet/tables.ts';
import { nameLiteral } from '../literal.ts';
import { localName, orderOf } from '../schema.ts';
import type { Migration } from './migration.ts';

/** Columns of few different words. */
const WORDS: ReadonlySet<string> = new Set([
  'host',
  'site',
  'interface',
  'source',
  'protocol',
  'application',
  'state',
  'ending',
  'claimed',
  'origin',
  'origin_side',
  'origin_label',
  'cause',
  'family',
  'obeyed',
  'client_sees',
  'server_sees',
  'kind',
  'side',
  'clock_source',
  'key_id',
  'engine_version',
  'weights_version',
]);

export const CODECS: Migration = {
  number: 2,
  about: 'columns that take less space',
  since: [20, 3],
  statements: ({ cluster }) =>
    FLEET_KINDS.map((kind) => {
      const sorted = new Set(orderOf(kind));
      const changes = FLEET_TABLES[kind].map((column) => `MODIFY COLUMN ${columnOf(column, sorted)}`);
      return `ALTER TABLE ${nameLiteral(localName(kind, cluster))} ${changes.join(', ')}`;
    }),
};

function columnOf({ name, type }: FleetColumn, sorted: ReadonlySet<string>): string {
  const own = nameLiteral(name);
  const whole = (of: string): string => (sorted.has(name) ? of : `Nullable(${of})`);
  switch (type) {
    case 'time':
      return `${own} ${whole('Int64')} CODEC(DoubleDelta, ZSTD(1))`;
    case 'text':
      return WORDS.has(name)
        ? `${own} LowCardinality(Nullable(String)) CODEC(ZSTD(1))`
        : `${own} ${whole('String')} CODEC(ZSTD(1))`;
    case 'int':
    case 'key':
      return `${own} ${whole('Int64')} CODEC(ZSTD(1))`;
    case 'real':
      return `${own} ${whole('Float64')} CODEC(ZSTD(1))`;
    case 'flag':
      return `${own} ${whole('UInt8')} CODEC(ZSTD(1))`;
  }
}
