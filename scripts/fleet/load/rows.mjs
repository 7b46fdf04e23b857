/** The rows of each kind as SQL over the views: an expression for each column that the product's list of tables names, and for no other. */
import { FLEET_KINDS, FLEET_TABLES } from './product.mjs';
import { ALL_STORIES, FORGED } from './stories.mjs';
import { DAY_SECONDS, isBrought, NS, SEGMENT_SECONDS, SEGMENTS_OF_DAY, START_SECONDS } from './world.mjs';

const SQL_TYPES = {
  text: 'VARCHAR',
  int: 'BIGINT',
  key: 'BIGINT',
  real: 'DOUBLE',
  flag: 'BOOLEAN',
  time: 'TIMESTAMP_NS',
};

const FORGED_NUMBER = ALL_STORIES.indexOf(FORGED);

const text = (value) =>
  value === null || value === undefined ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
const literal = (value) => (typeof value === 'string' ? text(value) : String(value ?? null));

/** What stories say, as a table: a join by number costs less than a list in each row. */
const STORY_COLUMNS = {
  state: ['VARCHAR', (one) => one.state],
  history: ['VARCHAR', (one) => one.history],
  ending: ['VARCHAR', (one) => one.ending],
  is_udp: ['BOOLEAN', (one) => one.isUdp === true],
  is_answered: ['BOOLEAN', (one) => !['S0', 'REJ'].includes(one.state)],
  has_reset: ['BOOLEAN', (one) => one.reset !== undefined],
  has_failure: ['BOOLEAN', (one) => one.failure !== undefined],
  reset_from: ['VARCHAR', (one) => one.reset?.from],
  origin: ['VARCHAR', (one) => one.reset?.origin],
  origin_side: ['VARCHAR', (one) => one.reset?.side],
  origin_confidence: ['DOUBLE', (one) => one.reset?.confidence],
  cause: ['VARCHAR', (one) => one.reset?.cause],
  cause_confidence: ['DOUBLE', (one) => one.reset?.sure],
  alternatives: ['VARCHAR', (one) => one.reset?.alternatives],
  family: ['VARCHAR', (one) => one.reset?.family],
  reset_matters: ['BOOLEAN', (one) => one.reset?.matters],
  evidence: ['VARCHAR', (one) => one.reset?.evidence],
  client_sees: ['VARCHAR', (one) => one.reset?.sees[0]],
  server_sees: ['VARCHAR', (one) => one.reset?.sees[1]],
  reset_next: ['VARCHAR', (one) => one.reset?.next],
  failure_side: ['VARCHAR', (one) => one.failure?.side],
  failure_tries: ['BIGINT', (one) => one.failure?.tries],
  failure_seconds: ['DOUBLE', (one) => one.failure?.seconds],
  failure_recovered: ['BOOLEAN', (one) => one.failure?.recovered],
  failure_matters: ['BOOLEAN', (one) => one.failure?.matters],
  failure_confidence: ['DOUBLE', (one) => one.failure?.confidence],
};
const STORY_TABLE = `CREATE TABLE stories AS SELECT * FROM (VALUES ${ALL_STORIES.map(
  (one, number) =>
    `(${[number, ...Object.values(STORY_COLUMNS).map(([type, of]) => `${literal(of(one))}::${type}`)].join(
      ', ',
    )})`,
).join(', ')}) t(number, ${Object.keys(STORY_COLUMNS).join(', ')})`;

/** A capture that does not hold the reset that its story tells of. */
const IS_UNAWARE = `(v.story = ${FORGED_NUMBER} AND v.at_server)`;
const told = (name) => `CASE WHEN ${IS_UNAWARE} THEN ${literal(FORGED.unseen[name])} ELSE s.${name} END`;
const HAS_RESET = `(s.has_reset AND NOT ${IS_UNAWARE})`;
const CLAIMED = `CASE s.reset_from WHEN 'peer' THEN CASE WHEN v.at_server THEN 'client' ELSE 'server' END ELSE s.reset_from END`;

const ENDS = {
  client_address: 'v.client_address',
  client_port: 'v.client_port',
  server_address: 'v.server_address',
  server_port: 'v.server_port',
  server_name: 'v.server_name',
};
const hasKeys = `NOT v.is_midstream AND NOT s.is_udp`;
const KEYS = {
  match_key: `CASE WHEN ${hasKeys} THEN key(v.c, 'match' || v.other_key) END`,
  isn_key: `CASE WHEN ${hasKeys} THEN key(v.c, 'isn' || v.other_key) END`,
};
const HOPS = {
  client_hops: 'CASE WHEN v.at_server THEN v.path_hops ELSE 0 END',
  server_hops: 'CASE WHEN v.at_server THEN 0 ELSE v.path_hops END',
};
const SOURCE = { capture: 'v.capture', segment: 'v.unit' };

/** Bytes and packets are of a tail as heavy as those of life. */
const bytes = (salt, least, power) =>
  `CASE WHEN s.is_answered THEN least(1e11, ${least} * pow(1 - chance(v.c, '${salt}'), -${power}))::BIGINT ELSE 0 END`;

const FLOW_COLUMNS = {
  ...SOURCE,
  flow: 'v.flow',
  time: 'make_timestamp_ns(v.time_ns)',
  last_time: 'make_timestamp_ns(v.last_ns)',
  protocol: `CASE WHEN s.is_udp THEN 'udp' ELSE 'tcp' END`,
  ...ENDS,
  application: `CASE WHEN s.is_answered THEN v.application END`,
  ...KEYS,
  server_isn_key: `CASE WHEN ${hasKeys} AND s.is_answered THEN key(v.c, 'server isn' || v.other_key) END`,
  syn_time: `CASE WHEN ${hasKeys} THEN make_timestamp_ns(v.time_ns) END`,
  syn_ack_time: `CASE WHEN ${hasKeys} AND s.is_answered THEN make_timestamp_ns(v.time_ns + 20000 + CASE WHEN v.at_server THEN 0 ELSE 2 * v.one_way_ns END) END`,
  ...HOPS,
  client_packets: `2 + v.client_bytes // 1200`,
  server_packets: `CASE WHEN s.is_answered THEN 2 + v.server_bytes // 1400 ELSE 0 END`,
  client_bytes: 'v.client_bytes',
  server_bytes: 'v.server_bytes',
  missed_bytes: `CASE WHEN v.is_thin THEN 1 + dice(v.c, 'missed', 60000) ELSE 0 END`,
  state: told('state'),
  history: told('history'),
  ending: told('ending'),
  handshake_seconds: `CASE WHEN ${hasKeys} AND s.is_answered THEN (2 * v.one_way_ns + 20000) / 1e9 END`,
  retransmissions: `CASE WHEN chance(v.c, 'again') < 0.06 THEN 1 + dice(v.c, 'times', 5) ELSE 0 END`,
  client_resets: `CASE WHEN ${HAS_RESET} AND ${CLAIMED} = 'client' THEN 1 ELSE 0 END`,
  server_resets: `CASE WHEN ${HAS_RESET} AND ${CLAIMED} = 'server' THEN 1 ELSE 0 END`,
  marks: `CASE WHEN v.is_midstream THEN 'mid-stream' WHEN v.is_thin THEN 'gaps' END`,
};

const CASE_NAME = `CASE WHEN s.reset_matters AND dice(v.c, 'case', 40) = 0 THEN format('{:016x}-{:05d}-{}.pcapng', unsigned(v.capture), v.unit, v.reset) END`;
const AT = `strftime(make_timestamp_ns(v.last_ns), '%Y-%m-%d %H:%M:%S')`;

const RESET_COLUMNS = {
  ...SOURCE,
  reset: 'v.reset',
  flow: 'v.flow',
  file: 'NULL',
  frame: 'NULL',
  time: 'make_timestamp_ns(v.last_ns)',
  ...ENDS,
  ...KEYS,
  reset_key: `key(v.c, 'reset' || v.other_key)`,
  claimed: CLAIMED,
  origin: 's.origin',
  origin_side: 's.origin_side',
  origin_hops: `CASE s.origin_side WHEN 'path' THEN 1 + v.path_hops // 2
    WHEN 'server' THEN CASE WHEN v.at_server THEN 0 ELSE v.path_hops END ELSE CASE WHEN v.at_server THEN v.path_hops ELSE 0 END END`,
  origin_label: `CASE s.origin_side WHEN 'server' THEN 'the server ' || v.server_address WHEN 'client' THEN 'the client ' || v.client_address
    ELSE 'a device ' || (1 + v.path_hops // 2) || ' hops in front of the server' END`,
  origin_confidence: `s.origin_confidence - chance(v.c, 'confidence') * 0.03`,
  cause: 's.cause',
  cause_confidence: 's.cause_confidence',
  cause_alternatives: 's.alternatives',
  family: 's.family',
  obeyed: `CASE WHEN s.reset_matters THEN 'yes' ELSE 'ignored' END`,
  matters: 's.reset_matters',
  unacknowledged_client: `CASE WHEN s.reset_matters THEN dice(v.c, 'unacknowledged', 1400) ELSE 0 END`,
  unacknowledged_server: '0',
  idle_seconds: `CASE s.cause WHEN 'stateful-device-lost-flow' THEN 0.001 + chance(v.c, 'idle') * 0.002 ELSE v.one_way_ns / 1e9 END`,
  silence_seconds: `CASE s.cause WHEN 'stateful-device-lost-flow' THEN v.life ELSE v.one_way_ns / 1e9 END`,
  client_sees: 's.client_sees',
  server_sees: 's.server_sees',
  ...HOPS,
  evidence: 's.evidence',
  proven: 'NULL',
  count: '1',
  case_name: CASE_NAME,
  summary: `CASE s.origin_side WHEN 'server' THEN 'The server ' || v.server_address WHEN 'client' THEN 'The client ' || v.client_address ELSE 'A device on the path' END
    || CASE s.origin WHEN 'middlebox' THEN ' very likely made this reset in the name of the ' || ${CLAIMED} ELSE ' very likely sent this reset itself' END
    || '; why: likely ' || replace(s.cause, '-', ' ') || '.'`,
  next: `s.reset_next It was ' || v.client_address || ' to ' || v.server_address || ' port ' || v.server_port || ' at ' || ${AT} || ' UTC.'`.replace(
    ' It was ',
    " || ' It was ",
  ),
};

const FAILURE_COLUMNS = {
  ...SOURCE,
  flow: 'v.flow',
  file: 'NULL',
  frame: 'NULL',
  time: 'make_timestamp_ns(v.time_ns)',
  protocol: `'tcp'`,
  ...ENDS,
  ...KEYS,
  kind: 's.ending',
  side: 's.failure_side',
  tries: 's.failure_tries',
  seconds: `s.failure_seconds * (0.8 + 0.4 * chance(v.c, 'seconds'))`,
  recovered: 's.failure_recovered',
  matters: 's.failure_matters',
  confidence: 's.failure_confidence',
  summary: `'The connection of ' || v.client_address || ' to ' || v.server_address || ' port ' || v.server_port || ' failed: ' || replace(s.ending, '-', ' ') || '.'`,
  next: `'Capture at the server at the same time: what arrives there and what it answers tells which side to look at.'`,
};

const FINDING_COLUMNS = {
  capture: 'capture',
  segment: 'segment',
  time: 'time',
  first_time: 'min(reset_time)',
  last_time: 'max(reset_time)',
  server_address: 'server_address',
  server_port: 'server_port',
  server_name: 'any_value(server_name)',
  claimed: 'claimed',
  origin: 'origin',
  origin_side: 'origin_side',
  cause: 'cause',
  count: 'count(*)',
  matters: 'count(*) FILTER (matters)',
  clients: 'count(DISTINCT client_address)',
  mean_confidence: 'avg(origin_confidence)',
  example_reset: 'coalesce(min(reset) FILTER (case_name IS NOT NULL), min(reset))',
  case_name: 'min_by(case_name, reset) FILTER (case_name IS NOT NULL)',
};

const CASE_COLUMNS = {
  capture: 'capture',
  segment: 'segment',
  case_name: 'case_name',
  time: 'min(time) - INTERVAL 2 SECOND',
  last_time: 'max(time)',
  server_address: 'any_value(server_address)',
  server_port: 'any_value(server_port)',
  bytes: `2000 + dice(case_name, 'size', 60000)`,
  resets: 'count(*)',
  sha256: 'sha256(case_name)',
};

const loss = (part) =>
  `CASE WHEN NOT h.is_uncounted THEN CASE WHEN h.is_lossy AND t.packets > 0 THEN ${part} ELSE 0 END END`;
const LOST = `1 + dice(t.unit * 100000 + h.number, 'lost', 900)`;
const unitTime = (segments) =>
  `make_timestamp_ns((${START_SECONDS} + (t.unit + h.first_segment + ${segments}) * ${SEGMENT_SECONDS}) * ${NS})`;

const CAPTURE_COLUMNS = {
  capture: 'h.capture',
  segment: 't.unit',
  host: 'h.host',
  site: 'h.site',
  interface: `'eth0'`,
  filter: 'NULL',
  source: `'live'`,
  files: 'NULL',
  time: unitTime(0),
  last_time: unitTime(1),
  packets: 't.packets',
  bytes: 't.bytes',
  flows: 't.flows',
  resets: 't.resets',
  untold: '0',
  lost: loss(LOST),
  lost_kernel: loss(LOST),
  lost_interface: loss('0'),
  lost_queue: loss('0'),
  lost_analysis: loss('0'),
  snaplen: '262144',
  is_whole: 'true',
  clock_bound_seconds: 'h.clock_bound',
  clock_source: `CASE WHEN h.clock_bound IS NOT NULL THEN 'chrony' END`,
  key_id: `CASE WHEN h.other_key = 1 THEN '5eed5eed' ELSE 'public' END`,
  is_anonymised: 'false',
  engine_version: 'h.engine_version',
  weights_version: `CASE h.engine_version WHEN '0.1.0' THEN 'load-1' ELSE 'load-2' END`,
  spool_lost_files:
    'CASE WHEN h.gap_from IS NOT NULL AND t.unit >= h.gap_to THEN 6 * (h.gap_to - h.gap_from) ELSE 0 END',
  spool_lost_bytes: 'CASE WHEN h.gap_from IS NOT NULL AND t.unit >= h.gap_to THEN 4000000 ELSE 0 END',
};

const COLUMNS = {
  captures: CAPTURE_COLUMNS,
  flows: FLOW_COLUMNS,
  open_flows: FLOW_COLUMNS,
  resets: RESET_COLUMNS,
  findings: FINDING_COLUMNS,
  failures: FAILURE_COLUMNS,
  cases: CASE_COLUMNS,
};

/** In the order and of the types of the product's list. @throws Error where the two name other columns */
function columnsOf(kind) {
  const expressions = COLUMNS[kind];
  const names = FLEET_TABLES[kind].map(({ name }) => name);
  const strange = Object.keys(expressions).filter((name) => !names.includes(name));
  const without = names.filter((name) => !(name in expressions));
  if (strange.length + without.length > 0)
    throw new Error(
      `The load has drifted from the table of ${kind}: it has ${strange.join(', ') || 'nothing'} too much, and lacks ${without.join(', ') || 'nothing'}`,
    );
  return FLEET_TABLES[kind].map(
    ({ name, type }) => `(${expressions[name]})::${SQL_TYPES[type]} AS "${name}"`,
  );
}

/** Tells a view's story. */
const STORY = 'JOIN stories s ON s.number = v.story';

/** A signed number as its hexadecimal digits show it. */
export const ROW_MACROS = [
  `CREATE MACRO unsigned(x) AS (CASE WHEN x < 0 THEN x::HUGEINT + 18446744073709551616 ELSE x::HUGEINT END)::UBIGINT`,
];

/**
 * Statements that make the tables `rows_KIND` of a day out of the views: the columns of the kind, and with them the site, the day of the
 * folder and the segment counted from the first midnight.
 * @param {{ day: number, days: number }} part
 */
export function rowTables({ day, days }) {
  const end = days * SEGMENTS_OF_DAY;
  const lastDay = new Date((START_SECONDS + (days - 1) * DAY_SECONDS) * 1000).toISOString().slice(0, 10);
  const folder = (time) => `strftime(${time}, '%Y-%m-%d') AS folder_day`;
  const select = (kind, from) =>
    `SELECT ${columnsOf(kind).join(',\n')}, v.site AS folder_site, v.segment AS world_segment FROM ${from}`;
  return [
    // Numbers of flows and resets go on from day to day.
    `CREATE OR REPLACE TABLE brought AS
      SELECT v.*, v.segment - h.first_segment AS unit,
        coalesce(n.flows, 0) + row_number() OVER (PARTITION BY v.viewer ORDER BY v.c) - 1 AS flow,
        h.is_lossy AND chance(v.c, 'thin') < 0.01 AS is_thin,
        ${bytes('asked', 90, 0.8)} AS client_bytes, ${bytes('sent', 400, 1.05)} AS server_bytes
      FROM views v JOIN hosts h ON h.number = v.viewer ${STORY} LEFT JOIN numbers n ON n.viewer = v.viewer
      WHERE ${isBrought('v', 'h')}`,
    `CREATE OR REPLACE TABLE reset_views AS
      SELECT v.*, coalesce(n.resets, 0) + row_number() OVER (PARTITION BY v.viewer ORDER BY v.last_ns, v.c) - 1 AS reset
      FROM brought v ${STORY} LEFT JOIN numbers n ON n.viewer = v.viewer WHERE ${HAS_RESET} AND v.segment < ${end}`,
    `INSERT OR REPLACE INTO numbers
      SELECT viewer, max(flow) + 1, (SELECT coalesce(max(reset) + 1, 0) FROM reset_views r WHERE r.viewer = b.viewer)
      FROM brought b GROUP BY viewer`,
    `CREATE OR REPLACE VIEW rows_flows AS SELECT *, ${folder('time')} FROM (${select('flows', `brought v ${STORY}`)} WHERE v.segment < ${end})`,
    // They are told once, at the end: the snapshot of the newest segment.
    `INSERT INTO rows_open_flows SELECT *, '${lastDay}' AS folder_day FROM (${select('open_flows', `brought v ${STORY}`)} WHERE v.segment >= ${end})`,
    `CREATE OR REPLACE TABLE rows_resets AS SELECT *, ${folder('time')} FROM (${select('resets', `reset_views v ${STORY}`)})`,
    `CREATE OR REPLACE TABLE rows_failures AS SELECT *, ${folder('time')} FROM (${select('failures', `brought v ${STORY}`)}
      WHERE v.segment < ${end} AND s.has_failure)`,
    `CREATE OR REPLACE TABLE rows_findings AS SELECT *, ${folder('time')} FROM (
      SELECT ${columnsOf('findings').join(',\n')}, folder_site, world_segment
      FROM (SELECT time AS reset_time, * REPLACE (make_timestamp_ns(epoch_ns(time) // ${SEGMENT_SECONDS * NS} * ${SEGMENT_SECONDS * NS}) AS time) FROM rows_resets)
      GROUP BY capture, segment, time, server_address, server_port, claimed, origin, origin_side, cause, folder_site, world_segment)`,
    `CREATE OR REPLACE TABLE rows_cases AS SELECT *, ${folder('time')} FROM (
      SELECT ${columnsOf('cases').join(',\n')}, folder_site, world_segment
      FROM rows_resets WHERE case_name IS NOT NULL GROUP BY capture, segment, case_name, folder_site, world_segment)`,
    // What was told of each unit so far: flows that last over midnight are told by units of the next day.
    `INSERT INTO told SELECT viewer, unit, count(*), sum(4 + client_bytes // 1200 + server_bytes // 1400), sum(client_bytes + server_bytes),
      count(*) FILTER (${HAS_RESET}) FROM brought v ${STORY} WHERE segment < ${end} GROUP BY viewer, unit`,
    `CREATE OR REPLACE TABLE rows_captures AS SELECT *, ${folder('time')} FROM (
      SELECT ${columnsOf('captures').join(',\n')}, h.site AS folder_site, t.unit + h.first_segment AS world_segment
      FROM hosts h JOIN (
        SELECT h.number, s.world - h.first_segment AS unit, coalesce(sum(t.flows), 0) AS flows, coalesce(sum(t.packets), 0) AS packets,
          coalesce(sum(t.bytes), 0) + 60 * coalesce(sum(t.packets), 0) AS bytes, coalesce(sum(t.resets), 0) AS resets
        FROM hosts h JOIN range(${day * SEGMENTS_OF_DAY}, ${(day + 1) * SEGMENTS_OF_DAY}) s(world) ON s.world >= h.first_segment
          AND (h.gap_from IS NULL OR s.world < h.gap_from OR s.world >= h.gap_to)
        LEFT JOIN told t ON t.viewer = h.number AND t.unit = s.world - h.first_segment
        GROUP BY h.number, s.world, h.first_segment) t ON t.number = h.number)`,
  ];
}

export const COUNTERS = [
  STORY_TABLE,
  `CREATE TABLE rows_open_flows (${FLEET_TABLES.open_flows.map(({ name, type }) => `"${name}" ${SQL_TYPES[type]}`).join(', ')},
    folder_site VARCHAR, world_segment BIGINT, folder_day VARCHAR)`,
  `CREATE TABLE numbers (viewer BIGINT PRIMARY KEY, flows BIGINT, resets BIGINT)`,
  `CREATE TABLE told (viewer BIGINT, unit BIGINT, flows BIGINT, packets BIGINT, bytes BIGINT, resets BIGINT)`,
];

/** Columns of the files, without what says where a row lies. */
export const namesOf = (kind) => FLEET_TABLES[kind].map(({ name }) => `"${name}"`).join(', ');
export { FLEET_KINDS };
