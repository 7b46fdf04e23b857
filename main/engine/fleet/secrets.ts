/** What of hosts and people may stand in the texts of one row. */
import type { ResetAccount } from '../../../shared/model/capture.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import { SecretBook } from '../report/secrets.ts';
import type { BetweenTwo, TextSecrets } from './fleet-row.ts';

/** @param names that addresses of the connection have */
export function secretsOf(
  account: Pick<ResetAccount, 'owners' | 'witness' | 'payloadText'> | undefined,
  { serverName }: Pick<BetweenTwo, 'serverName'>,
  hints: FlowHints | undefined,
  names: readonly string[],
): TextSecrets {
  const book = new SecretBook();
  for (const name of [serverName, ...names]) book.name(name);
  book.hints(hints ?? null);
  if (account !== undefined) book.said(account);
  const { secrets } = book;
  return { names: secrets.names, texts: secrets.texts };
}
