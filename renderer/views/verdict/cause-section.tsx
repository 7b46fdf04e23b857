/** Why: the cause in plain words, what else it may be, what to check. */
import type { Setting } from '../../../shared/causes/settings/setting.ts';
import type { CauseCode, CauseText } from '../../../shared/model/cause.ts';
import type { Verdict } from '../../../shared/model/verdict.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { causeWord } from '../../../shared/texts/confidence.ts';
import { percentText } from '../../../shared/texts/origin.ts';
import { CheckList } from './check-list.tsx';

export function CauseSection({ verdict }: { readonly verdict: Verdict }) {
  const { code, confidence, alternatives } = verdict.cause;
  const text = causeOf(code);
  return (
    <section className="card" aria-labelledby="cause-title">
      <h3 id="cause-title" className="card-label">
        Why
      </h3>
      <p className="card-lead">
        {text.title}{' '}
        <span className="card-sure num">
          {causeWord(confidence)}, {percentText(confidence)}
        </span>
      </p>
      <p>{text.what}</p>
      <Alternatives codes={alternatives} />
      <dl className="terms">
        <dt>What it ends</dt>
        <dd>{text.fatal}</dd>
        <dt>Unlike a timeout or an orderly close</dt>
        <dd>{text.unlike}</dd>
      </dl>
      <Checks text={text} />
    </section>
  );
}

function Alternatives({ codes }: { readonly codes: readonly CauseCode[] }) {
  if (codes.length === 0) return null;
  return (
    <div className="alternatives">
      <h4>What else it may be: the packets do not exclude</h4>
      <ul>
        {codes.map((code) => (
          <li key={code}>
            <b>{causeOf(code).title}</b> <span className="faint">{causeOf(code).what}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Checks({ text }: { readonly text: CauseText }) {
  return (
    <details className="checks">
      <summary>What to check</summary>
      <CheckList title="On the client’s side" items={text.client} />
      <CheckList title="On the server’s side" items={text.server} />
      <h4>To confirm it</h4>
      <p>{text.confirm}</p>
      <Settings settings={text.settings ?? []} />
    </details>
  );
}

/** The source is text: the shell opens no links (main/electron/security.ts). */
function Settings({ settings }: { readonly settings: readonly Setting[] }) {
  if (settings.length === 0) return null;
  return (
    <>
      <h4 id="settings-title">Settings and their defaults</h4>
      <div className="settings-frame">
        <table className="settings" aria-labelledby="settings-title">
          <thead>
            <tr>
              <th scope="col">System</th>
              <th scope="col">Setting</th>
              <th scope="col">Default</th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {settings.map((one) => (
              <tr key={`${one.system} ${one.setting}`}>
                <th scope="row">{one.system}</th>
                <td className="mono">{one.setting}</td>
                <td>
                  {one.default}
                  {one.since === undefined ? null : <span className="faint"> since {one.since}</span>}
                </td>
                <td className="settings-source faint" title={one.source}>
                  {one.source}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
