/** Captures to try, for whoever has none at hand: each is a story with an end that the program finds. */
import { useApp, useAppState } from '../../core/app-context.ts';

export function Samples() {
  const { actions } = useApp();
  const samples = useAppState((state) => state.samples);
  if (samples.length === 0) return null;
  return (
    <section className="samples" aria-labelledby="samples-title">
      <h2 id="samples-title">Try one of these</h2>
      <ul>
        {samples.map((sample) => (
          <li key={sample.name}>
            <button type="button" className="sample" onClick={() => void actions.openSample(sample)}>
              <strong>{sample.title}</strong>
              <span>{sample.story}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
