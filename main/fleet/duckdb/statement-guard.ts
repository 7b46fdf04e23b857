/**
 * What a statement that somebody wrote may do: read the fleet's tables, and nothing else. DuckDB locks away files outside of the folder;
 * this keeps the statement off those inside, and off everything that is no table: it is parsed by DuckDB itself, and each
 * table and each function that gives rows has to be on a list.
 *
 * Invariant: what is not understood is refused.
 */
import { FLEET_KINDS } from '../../../shared/fleet/tables.ts';
import { FleetError } from '../store.ts';

/** Functions that give rows out of their arguments alone. */
const ROW_FUNCTIONS: ReadonlySet<string> = new Set(['unnest', 'range', 'generate_series']);
const TABLES: ReadonlySet<string> = new Set(FLEET_KINDS);
/** What “SHOW TABLES” is to the parser. */
const SHOW_TABLES = '"tables"';
/** Deeper than anybody writes by hand, and far from where the stack ends. */
const MAX_DEPTH = 1000;

/** What the parser says of a text, as `json_serialize_sql` gives it. */
interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

/**
 * @param json the answer of DuckDB’s json_serialize_sql
 * @throws FleetError 'bad-query' that says what is not allowed
 */
export function checkStatement(json: string): void {
  const parsed = JSON.parse(json) as Parsed;
  if (parsed.error) {
    const message = parsed.error_message ?? 'it cannot be read';
    throw message.startsWith('Only SELECT')
      ? refused(
          'Only questions are answered here: a statement begins with SELECT, FROM, WITH, VALUES, DESCRIBE, SUMMARIZE or SHOW TABLES, and changes nothing.',
        )
      : refused(message);
  }
  const { statements = [] } = parsed;
  if (statements.length !== 1) throw refused(`One statement at a time; this is ${statements.length}.`);
  check(statements[0], new Set(), 0);
}

/** @param known names that the query gave to tables of its own, as far as they are known at this place */
function check(node: unknown, known: ReadonlySet<string>, depth: number): void {
  if (depth > MAX_DEPTH) throw refused('The statement is nested too deeply.');
  if (Array.isArray(node)) {
    for (const one of node) check(one, known, depth + 1);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { cte_map: own, ...fields } = node as Record<string, unknown>;
  const here = checkOwnTables(own, known, depth);
  if (fields.type === 'RECURSIVE_CTE_NODE') {
    // Only the part that is repeated knows the query by its name.
    check(fields.left, here, depth + 1);
    delete fields.left;
    here.add(String(fields.cte_name).toLowerCase());
  }
  if (fields.type === 'BASE_TABLE') checkTable(fields, here);
  else if (fields.type === 'TABLE_FUNCTION') checkFunction(fields.function);
  else if (fields.type === 'SHOW_REF') checkShown(fields);
  else if (typeof fields.type === 'string' && UNKNOWN_TABLES.test(fields.type))
    throw refused(`This form of a table (${fields.type}) is not allowed.`);
  for (const one of Object.values(fields)) check(one, here, depth + 1);
}

/** Forms of tables that no text is parsed to today. */
const UNKNOWN_TABLES = /^(COLUMN_DATA|DELIM_GET|BOUND_TABLE_REF)$/u;

/**
 * Each of them knows those before it and not itself: where it reads a table of its own name, that is another one.
 * @returns all that are known behind them
 */
function checkOwnTables(own: unknown, known: ReadonlySet<string>, depth: number): Set<string> {
  const here = new Set(known);
  const map = (
    own as { readonly map?: readonly { readonly key?: unknown; readonly value?: unknown }[] } | undefined
  )?.map;
  for (const { key, value } of map ?? []) {
    check(value, here, depth + 1);
    here.add(String(key).toLowerCase());
  }
  return here;
}

function checkTable(table: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
  const name = String(table.table_name).toLowerCase();
  const schema = String(table.schema_name ?? '').toLowerCase();
  const catalog = String(table.catalog_name ?? '').toLowerCase();
  if (schema === '' && catalog === '' && known.has(name)) return;
  if (TABLES.has(name) && (schema === '' || schema === 'main') && catalog === '') return;
  throw refused(
    `“${String(table.table_name)}” is none of the tables of the fleet, which are ${FLEET_KINDS.join(', ')}. Files cannot be read by their names.`,
  );
}

function checkFunction(node: unknown): void {
  const name = String(
    (node as { readonly function_name?: unknown } | undefined)?.function_name ?? '',
  ).toLowerCase();
  if (!ROW_FUNCTIONS.has(name))
    throw refused(
      `The function ${name}() is not allowed in FROM; ${[...ROW_FUNCTIONS].join(', ')} and the tables of the fleet are.`,
    );
}

function checkShown(shown: Readonly<Record<string, unknown>>): void {
  const name = String(shown.table_name ?? '');
  const isQuery = name === '' && shown.query !== null;
  if (isQuery || name === SHOW_TABLES) return;
  throw refused(`“${name}” cannot be shown; DESCRIBE a table of the fleet, or SHOW TABLES.`);
}

function refused(message: string): FleetError {
  return new FleetError('bad-query', message);
}
