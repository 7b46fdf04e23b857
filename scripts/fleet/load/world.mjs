/**
 * The world that the load is taken from: hosts, connections between them and strangers, and what each host's capture holds of them.
 * Everything follows from the seed by hashes, so that a part can be made without the parts before it and twice the same.
 */
import { ALL_STORIES, STORIES, FORGED, TIMEOUT } from './stories.mjs';

export const NS = 1_000_000_000;
export const DAY_SECONDS = 86_400;
export const SEGMENT_SECONDS = 300;
export const SEGMENTS_OF_DAY = DAY_SECONDS / SEGMENT_SECONDS;
/** Midnight, UTC. */
export const START_SECONDS = Date.UTC(2026, 5, 1) / 1000;

const HOSTS_OF_SITE = 25;
const SITES = ['fra', 'ams', 'iad', 'sin', 'gru', 'syd', 'lhr', 'nrt', 'bom', 'jnb'];

/** Of connections: strangers to hosts, hosts to hosts, hosts to strangers. The second kind is captured twice. */
const BETWEEN_HOSTS = 0.2;
const TO_STRANGERS = 0.2;

/** @returns how many connections give so many rows of flows, about */
export function connectionsFor(flows) {
  return Math.max(1, Math.round(flows / (1 + BETWEEN_HOSTS)));
}

export function sitesOf(hosts) {
  const sites = Math.max(Math.min(hosts, 3), Math.ceil(hosts / HOSTS_OF_SITE));
  return Array.from({ length: sites }, (_, i) => {
    const round = Math.floor(i / SITES.length);
    return `${SITES[i % SITES.length]}${round + 1}`;
  });
}

/** Functions of chance: `chance` is from 0 to 1, `key` a signed number of 64 bits. */
export function macros(seed) {
  return [
    `CREATE MACRO chance(x, salt) AS (hash(x, salt, ${seed}) >> 11)::DOUBLE / 9007199254740992.0`,
    `CREATE MACRO dice(x, salt, sides) AS (hash(x, salt, ${seed}) % sides)::BIGINT`,
    `CREATE MACRO key(x, salt) AS (hash(x, salt, ${seed})::HUGEINT - 9223372036854775808)::BIGINT`,
    `CREATE MACRO capture_of(host) AS key(host, 'capture')`,
  ];
}

/**
 * One row a host. Some are as hosts of a real fleet are: of one in 17 twenty minutes never came, one in 23 began at noon, one in 13 loses
 * packets, one in 11 has nobody who counts them, one in 7 an unknown clock, one in 10 an older version, and one another key.
 */
export function hostsTable(hosts, days) {
  const sites = sitesOf(hosts);
  const names = sites.map((site) => `'${site}'`).join(', ');
  return `CREATE TABLE hosts AS
    SELECT
      h AS number,
      h % ${sites.length} AS site_number,
      list_extract([${names}], (h % ${sites.length} + 1)::INT) AS site,
      list_extract(['web', 'web', 'db', 'app', 'cache'], (h % 5 + 1)::INT) || '-' || lpad((h + 1)::VARCHAR, 4, '0') AS host,
      list_extract([443, 443, 5432, 8080, 6379], (h % 5 + 1)::INT) AS port,
      list_extract(['tls', 'tls', 'postgres', 'http', 'redis'], (h % 5 + 1)::INT) AS application,
      format('10.{}.{}.{}', h % ${sites.length}, h // 250, h % 250 + 1) AS address4,
      format('2001:db8:f:{:x}::{:x}', h % ${sites.length}, h + 1) AS address6,
      capture_of(h) AS capture,
      CASE WHEN h % 23 = 7 THEN ${SEGMENTS_OF_DAY / 2} ELSE 0 END AS first_segment,
      CASE WHEN h % 17 = 5 THEN 120 END AS gap_from,
      CASE WHEN h % 17 = 5 THEN 124 END AS gap_to,
      h % 13 = 4 AS is_lossy,
      h % 11 = 3 AS is_uncounted,
      CASE WHEN h % 7 <> 2 THEN 0.0005 + chance(h, 'bound') * 0.004 END AS clock_bound,
      -- A clock is wrong by less than its bound, and by anything where nobody bounds it.
      ((chance(h, 'clock') - 0.5) * CASE WHEN h % 7 <> 2 THEN 0.0008 ELSE 3 END * ${NS})::BIGINT AS offset_ns,
      CASE WHEN h = ${hosts} - 1 AND h > 2 THEN 1 ELSE 0 END AS other_key,
      CASE WHEN h % 10 = 9 THEN '0.1.0' ELSE '0.2.0' END AS engine_version
    FROM range(${hosts}) r(h)
    WHERE ${days} > 0`;
}

/** Whole numbers of 0 to n−1 of which the first are by far the most popular. */
const popular = (salt, n, power) => `floor(${n} * pow(chance(c, '${salt}'), ${power}))::BIGINT`;

/**
 * What each host's capture holds of the connections of a day: one row a host and connection.
 * @param {number} first, count of the connections
 */
export function viewsView({ hosts, day, first, count }) {
  const total = 1000;
  let below = 0;
  const cases = STORIES.slice(1).map(({ share }, i) => {
    below += share;
    return `WHEN roll < ${below / total} THEN ${i + 1}`;
  });
  const timeout = ALL_STORIES.indexOf(TIMEOUT);
  const forged = ALL_STORIES.indexOf(FORGED);
  const midnight = (START_SECONDS + day * DAY_SECONDS) * NS;
  const kind = `CASE WHEN kind_roll < ${BETWEEN_HOSTS} THEN 1 WHEN kind_roll < ${BETWEEN_HOSTS + TO_STRANGERS} THEN 2 ELSE 0 END`;
  return `CREATE OR REPLACE VIEW views AS
    WITH rolled AS (
      SELECT c, chance(c, 'kind') AS kind_roll, chance(c, 'story') AS roll, chance(c, 'time') AS time_roll,
        ${popular('server', hosts, 2)} AS server_host, ${popular('client', hosts, 1.5)} AS client_host,
        ${popular('stranger', 150_000, 3)} AS stranger, ${popular('far', 5_000, 3)} AS far
      FROM range(${first}, ${first + count}) r(c)
    ), placed AS (
      SELECT *, ${kind} AS kind,
        -- Most traffic is at noon, least at midnight.
        (${DAY_SECONDS} * (time_roll + 0.0955 * sin(2 * pi() * time_roll)) * ${NS})::BIGINT AS in_day,
        c % 5 = 0 AS is6
      FROM rolled
    ), connections AS (
      SELECT p.c, p.kind, p.is6, p.stranger, p.far,
        CASE WHEN p.kind = 2 THEN NULL ELSE s.number END AS server_number,
        CASE WHEN p.kind = 0 THEN NULL ELSE k.number END AS client_number,
        ${midnight} + p.in_day AS begin_ns,
        CASE
          WHEN p.kind = 1 AND k.site_number = 0 AND s.site_number = 1 AND chance(p.c, 'forger') < 0.1 THEN ${forged}
          WHEN p.kind < 2 AND s.site_number = 2 AND p.in_day // ${600 * NS} IN (54, 55, 84) AND chance(p.c, 'firewall') < 0.3 THEN ${timeout}
          ${cases.join(' ')} ELSE 0 END AS story,
        CASE WHEN p.kind = 2 THEN CASE WHEN p.is6 THEN format('2001:db8:e::{:x}', p.far + 1) ELSE format('100.64.{}.{}', p.far // 256, p.far % 256) END
          WHEN p.is6 THEN s.address6 ELSE s.address4 END AS server_address,
        CASE WHEN p.kind = 2 THEN 443 ELSE s.port END AS server_port,
        CASE WHEN p.kind = 2 THEN format('api-{}.example.net', p.far) WHEN s.port IN (443, 8080) THEN format('www-{}.example.com', s.number) END AS server_name,
        CASE WHEN p.kind = 2 THEN 'tls' ELSE s.application END AS application,
        CASE WHEN p.kind > 0 THEN CASE WHEN p.is6 THEN k.address6 ELSE k.address4 END
          WHEN p.is6 THEN format('2001:db8:{:x}:{:x}::{:x}', 4096 + p.stranger // 4096, p.stranger % 4096, dice(p.stranger, 'low', 65000) + 1)
          ELSE format('198.{}.{}.{}', 18 + p.stranger // 65536 % 2, p.stranger // 256 % 256, p.stranger % 256) END AS client_address,
        32768 + dice(p.c, 'port', 28232) AS client_port,
        3 + CASE WHEN p.kind = 0 THEN dice(p.stranger, 'hops', 14) ELSE dice(coalesce(k.site_number, 0) * 1000 + p.kind, 'hops', 5) END AS path_hops
      FROM placed p
      JOIN hosts s ON s.number = p.server_host
      JOIN hosts k ON k.number = p.client_host
      WHERE p.kind <> 1 OR s.number <> k.number
    ), timed AS (
      SELECT *,
        200000 + path_hops * (400000 + dice(c, 'delay', 900000)) AS one_way_ns,
        CASE WHEN story = ${timeout} THEN 400 + chance(c, 'silence') * 3000
          -- A few live for hours, most for less than a second.
          ELSE least(20000, CASE WHEN server_port IN (5432, 6379) THEN 4 ELSE 0.02 END * pow(1 - chance(c, 'life'), -1.1)) END AS life
      FROM connections
    ), ended AS (
      SELECT *, greatest(one_way_ns * 3, (life * ${NS})::BIGINT) AS life_ns FROM timed
    ), seen AS (
      SELECT *, server_number AS viewer, true AS at_server FROM ended WHERE server_number IS NOT NULL
      UNION ALL
      SELECT *, client_number AS viewer, false AS at_server FROM ended WHERE client_number IS NOT NULL
    )
    SELECT *, (last_ns - ${START_SECONDS * NS}) // ${SEGMENT_SECONDS * NS} AS segment FROM (
      -- By the clock of the host that captured it.
      SELECT v.*, h.capture, h.site, h.other_key,
        begin_ns + CASE WHEN at_server THEN one_way_ns ELSE 0 END + h.offset_ns AS time_ns,
        begin_ns + life_ns + CASE WHEN at_server THEN one_way_ns ELSE 0 END + h.offset_ns AS last_ns,
        chance(v.c * 2 + at_server::INT, 'midstream') < 0.01 AS is_midstream
      FROM seen v JOIN hosts h ON h.number = v.viewer)`;
}

/** Whether a host brought a view: it had begun to capture, and the unit in which the flow ended was not lost. */
export function isBrought(view, host) {
  return `(${view}.time_ns >= (${START_SECONDS} + ${host}.first_segment * ${SEGMENT_SECONDS})::BIGINT * ${NS}
    AND (${host}.gap_from IS NULL OR ${view}.segment < ${host}.gap_from OR ${view}.segment >= ${host}.gap_to))`;
}
