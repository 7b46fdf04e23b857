/** What a command promises to the programs that read it. */
import type * as v from 'valibot';

export interface Contract {
  /** kebab-case; names the file of its JSON Schema. It never changes. */
  readonly name: string;
  /** What the document is, in a few words. */
  readonly title: string;
  /** Of the whole document, or of each line where they are lines. */
  readonly schema: v.GenericSchema;
  /** One JSON document a line. */
  readonly isLines?: boolean;
  /**
   * Arguments that print it, FILE in the place of each capture. A test runs them over captures of all kinds and holds what they print
   * against the schema; a contract whose `command` a test cannot run as it is has its own test, and says so by `isTestedApart`.
   */
  readonly command: readonly string[];
  readonly isTestedApart?: boolean;
}
