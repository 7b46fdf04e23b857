/** A step from one form of the tables to the next. Steps are never changed once they were published: another one follows. */
import type { Keeping } from '../schema.ts';

/** The host that a step is made on. */
export interface MigrationContext extends Keeping {
  readonly database: string;
  readonly cluster: string | null;
  /** Which shard of the cluster it is, from 1; 1 for one server. */
  readonly shard: number;
}

export interface Migration {
  readonly number: number;
  /** For people. */
  readonly about: string;
  /** Oldest server that can make it, as year and release. Older ones stay without it: everything works without it, too. */
  readonly since: readonly [year: number, release: number];
  /** Each may be run again: a host may have died between two of them. */
  statements(context: MigrationContext): readonly string[];
}
