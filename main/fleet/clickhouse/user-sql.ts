/**
 * A statement that somebody wrote, held to reading the fleet's tables. The server is told that it may only read; what it would still
 * read is its own system tables, other databases and, by functions of its own, files and other servers. The oldest server has no grants
 * that would forbid that, so it is refused here by the statement's words. Where a server has grants, a user who may read this
 * database only is the better wall (docs/fleet.md).
 *
 * Servers differ in what they take for a quote or a comment. What one of them could read in another way than this is refused.
 */
import { FleetError, type SqlAnswer, type Value } from '../store.ts';

type TokenKind = 'word' | 'quoted' | 'text' | 'number' | 'sign';

interface Token {
  readonly kind: TokenKind;
  /** Of a word or a quoted name: its name. */
  readonly text: string;
}

const MAX_STATEMENT = 1024 * 1024;
const PIECES =
  /(\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_]\w*)|(\d[\w.]*)|('(?:[^'\\]|\\[\s\S]|'')*')|(["`])((?:(?!\5)[^\\])*)\5|([-+*/%=<>!(),.[\]{}?:|;])/y;

/** Functions that read what is not a table of the fleet; those of newer servers too. */
const READERS =
  /^(url\w*|file\w*|remote\w*|cluster\w*|mysql|postgresql|sqlite|odbc|jdbc|mongodb|redis|s3\w*|gcs|oss\w*|cosn|hdfs\w*|azureBlob\w*|iceberg\w*|deltaLake\w*|hudi\w*|paimon\w*|executable|dictionary|merge\w*|mergetree\w*|input|loop|view\w*|catboost\w*|modelEvaluate|joinGet\w*|dict[A-Z]\w*|timeSeries\w*|prometheus\w*|arrowFlight|ytsaurus|fuzz\w*|getServerSetting|shardByHash|format)$/i;
const IN_FUNCTIONS =
  /^(not|global|null|globalNot|notNull|globalNull|globalNotNull)In(IgnoreSet)?$|^inIgnoreSet$/i;
const NEVER: ReadonlySet<string> = new Set([
  'INTO',
  'OUTFILE',
  'FORMAT',
  'SETTINGS',
  'INSERT',
  'CREATE',
  'ALTER',
  'DROP',
  'ATTACH',
  'DETACH',
  'TRUNCATE',
  'RENAME',
  'OPTIMIZE',
  'SYSTEM',
  'KILL',
  'GRANT',
  'REVOKE',
]);
/** Behind these, commas do not list tables any more. */
const AFTER_TABLES: ReadonlySet<string> = new Set([
  'WHERE',
  'PREWHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'UNION',
  'EXCEPT',
  'INTERSECT',
  'SELECT',
  'WINDOW',
  'QUALIFY',
  'OFFSET',
]);

/**
 * @returns the statement without comments
 * @throws FleetError 'bad-query' that says what is not allowed
 */
export function checkedStatement(statement: string): string {
  const { tokens, text } = tokensOf(statement);
  const first = tokens[0]?.kind === 'word' ? tokens[0].text.toUpperCase() : '';
  if (first !== 'SELECT' && first !== 'WITH') throw refused('begins with SELECT or WITH: it can only read');
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'word') checkWord(tokens, at);
    if (token.kind === 'quoted' && isSign(tokens[at + 1], '(')) throw refused('quotes no functions');
    if (token.kind === 'sign' && token.text === ';') throw refused('is one statement');
  }
  checkTables(tokens);
  return text;
}

function checkWord(tokens: readonly Token[], at: number): void {
  const { text } = tokens[at];
  if (isSign(tokens[at - 1], '.')) return;
  if (NEVER.has(text.toUpperCase())) throw refused(`cannot say ${text.toUpperCase()}`);
  if (!isSign(tokens[at + 1], '(')) return;
  if (READERS.test(text)) throw refused(`cannot call ${text}(): it reads what is not of the fleet`);
  if (IN_FUNCTIONS.test(text)) throw refused(`says IN as a word between, not ${text}()`);
}

interface Scope {
  /** Among the tables of FROM. */
  isInFrom: boolean;
  isTableNext: boolean;
  /** Of IN: it holds values or a SELECT. */
  readonly isOfIn: boolean;
}

/** No table of another database is named, and nothing else than a table where one stands. */
function checkTables(tokens: readonly Token[]): void {
  const scopes: Scope[] = [{ isInFrom: false, isTableNext: false, isOfIn: false }];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const scope = scopes[scopes.length - 1];
    const isName = token.kind === 'quoted' || token.kind === 'word';
    const word = token.kind === 'word' ? token.text.toUpperCase() : '';
    if (isName && isSign(tokens[at + 1], '.') && !isSign(tokens[at - 1], '.')) {
      if (scope.isTableNext) throw refused(`names tables without a database, not ${token.text}.…`);
      if (/^(system|information_schema)$/i.test(token.text))
        throw refused(`cannot read ${token.text.toLowerCase()}`);
      // IN takes a table as well, by its name alone.
      if (scope.isOfIn) throw refused('holds values or a SELECT in IN ( )');
    }
    if (isSign(token, '(')) {
      const isOfIn = isWord(tokens[at - 1], 'IN');
      scope.isTableNext = false;
      scopes.push({ isInFrom: false, isTableNext: false, isOfIn });
      if (scopes.length > 200) throw refused('nests too deeply');
    } else if (isSign(token, ')')) {
      if (scopes.length === 1) throw refused('closes a bracket that was not opened');
      scopes.pop();
    } else if (scope.isTableNext) {
      if (!isName) throw refused('has a table behind FROM and JOIN');
      if (isSign(tokens[at + 1], '(')) throw refused(`cannot call ${token.text}() as a table`);
      scope.isTableNext = false;
    } else if (word === 'FROM' || word === 'JOIN') {
      scope.isInFrom = true;
      scope.isTableNext = true;
    } else if (AFTER_TABLES.has(word)) {
      scope.isInFrom = false;
    } else if (isSign(token, ',') && scope.isInFrom) {
      scope.isTableNext = true;
    } else if (word === 'IN' && !isSign(tokens[at + 1], '(')) {
      throw refused('holds values or a SELECT in IN ( )');
    }
  }
  if (scopes.length > 1) throw refused('leaves a bracket open');
}

function tokensOf(statement: string): { readonly tokens: readonly Token[]; readonly text: string } {
  if (statement.length > MAX_STATEMENT) throw refused(`is at most ${MAX_STATEMENT} characters long`);
  const source = statement.trim().replace(/;$/, '');
  const tokens: Token[] = [];
  let text = '';
  PIECES.lastIndex = 0;
  while (PIECES.lastIndex < source.length) {
    const at = PIECES.lastIndex;
    const piece = PIECES.exec(source);
    if (piece === null) throw refused(`has something at character ${at + 1} that stands for nothing`);
    const [whole, blank, word, number, literal, , quoted] = piece;
    if (blank !== undefined) {
      text += ' ';
      continue;
    }
    text += whole;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (literal !== undefined) tokens.push({ kind: 'text', text: literal });
    else if (quoted !== undefined) tokens.push({ kind: 'quoted', text: quoted });
    else tokens.push({ kind: 'sign', text: whole });
  }
  return { tokens, text };
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

function refused(what: string): FleetError {
  return new FleetError('bad-query', `a statement for a fleet ${what}`);
}

/** One row more than is wanted, which tells that there are more. */
export function wrapped(statement: string, limit: number): string {
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new FleetError('bad-query', 'the limit is a whole number');
  return `SELECT * FROM (\n${statement}\n) LIMIT ${limit + 1} FORMAT JSONCompact`;
}

interface JsonCompact {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

/** @throws FleetError 'failed' where it is none of the server's answers */
export function answerOf(text: string, limit: number): Omit<SqlAnswer, 'missing'> {
  let answer: JsonCompact;
  try {
    answer = JSON.parse(text) as JsonCompact;
  } catch (error) {
    throw new FleetError('failed', 'the server’s answer cannot be read', { cause: error });
  }
  const columns = answer.meta.map(({ name, type }) => ({ name, type }));
  const rows = answer.data
    .slice(0, limit)
    .map((row) => row.map((cell, at) => valueOf(cell, columns[at].type)));
  return { columns, rows, isCut: answer.data.length > limit };
}

function valueOf(cell: unknown, type: string): Value {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === 'string' && /^(?:LowCardinality\()?(?:Nullable\()?U?Int64\b/.test(type)) {
    const whole = BigInt(cell);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  if (typeof cell === 'string' || typeof cell === 'number' || typeof cell === 'boolean') return cell;
  return JSON.stringify(cell);
}
