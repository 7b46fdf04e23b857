/** Every limit of the interface for machines by name. What an answer had to leave out, and how to get it, the answer itself says. */
export const MCP_LIMITS = {
  /** Captures that are open at once: each has an engine process of its own. */
  openCaptures: 4,
  /** Files that are opened together. */
  filesTogether: 16,
  /** Folders that may be allowed. */
  folders: 64,
  /** A capture that nobody asked of for this long is closed. */
  idleMs: 15 * 60_000,
  /** How long an answer waits until a capture is read, or until a filter has read the packets' bytes. What is known by then is answered. */
  patienceMs: 20_000,
  /** UTF-8 bytes of the JSON of an answer's list, or of its one long text. */
  answerBytes: 32 * 1024,
  /** UTF-16 units of a text that stands in a list, and of one that stands alone. */
  lineCharacters: 400,
  textCharacters: 4000,
  /** Of a message about what went wrong. */
  errorCharacters: 1000,
  /** Rows of a list, where the question does not say how many and where it does. */
  rows: 20,
  mostRows: 200,
  /** Entries of a list within one thing: pieces of evidence, frames of one, findings' examples, warnings of a file. */
  parts: 50,
  /** Lines of a packet's tree, and how deep they lie. */
  treeLines: 400,
  treeDepth: 12,
  /** Lines of a ladder. */
  ladderLines: 200,
  /** Bytes of a stream in one answer: each may be an escape of four characters, and all of them have room. */
  streamBytes: 8 * 1024,
  /** Folders below the allowed ones, and entries of them, that a search for captures looks at. */
  searchDepth: 8,
  searchEntries: 20_000,
  /** Of a path, of a filter, and of an address that is asked for. */
  pathCharacters: 4096,
  filterCharacters: 4096,
  addressCharacters: 80,
} as const;
