/** What the kernel said of the reset: a fact, while the rest of a verdict is inferred. */
import { Landmark } from 'lucide-react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { ownerPlace, ownerName, reasonText, witnessText, witnessTitle } from '../../words/witness-text.ts';

export function WitnessCard({ detail }: { readonly detail: ResetDetail }) {
  const { witness, verdict } = detail;
  if (witness === null) return null;
  const { process, reason } = witness;
  const place = process === null ? null : ownerPlace(process);
  return (
    <section className={`witness witness-${witness.word}`} aria-labelledby="witness-title">
      <Landmark size={20} strokeWidth={1.6} aria-hidden="true" />
      <div className="witness-text">
        <span className="card-label">What the kernel said</span>
        <h3 id="witness-title">{witnessTitle(witness)}</h3>
        <p>{witnessText(witness, verdict.claimed)}</p>
        {reason === null && process === null ? null : (
          <dl className="witness-facts">
            {reason === null ? null : (
              <div>
                <dt>Reason</dt>
                <dd>
                  {reasonText(reason)} {reasonText(reason) === reason ? null : <code>{reason}</code>}
                </dd>
              </div>
            )}
            {process === null ? null : (
              <div>
                <dt>Process</dt>
                <dd className="mono">{ownerName(process)}</dd>
              </div>
            )}
            {process === null || process.cgroup === null ? null : (
              <div>
                <dt>{place?.kind === 'container' ? 'Container' : 'Service'}</dt>
                <dd className="breakable" title={process.cgroup}>
                  {place?.name ?? process.cgroup}
                </dd>
              </div>
            )}
          </dl>
        )}
      </div>
    </section>
  );
}
