/** How much is told of hosts and people: whether it is anonymised, and whether the user's notes go along. */
import { useState } from 'react';
import { Switch } from '../ui/choice.tsx';

interface Discretion {
  readonly anonymise: boolean;
  readonly withNotes: boolean;
}

/** Notes are left out of what is anonymised, unless they are asked for once more. */
export function useDiscretion() {
  const [discretion, setDiscretion] = useState<Discretion>({ anonymise: false, withNotes: true });
  return { discretion, setDiscretion };
}

interface DiscretionChoiceProps extends ReturnType<typeof useDiscretion> {
  /** What is replaced. */
  readonly replaced: string;
  /** How many notes there are, in words. */
  readonly notes: string;
  /** What becomes of them where it is anonymised; null where there are none. */
  readonly notesHint: string | null;
}

export function DiscretionChoice({
  discretion: { anonymise, withNotes },
  setDiscretion,
  replaced,
  notes,
  notesHint,
}: DiscretionChoiceProps) {
  return (
    <>
      <Switch
        label="Anonymised"
        about={replaced}
        checked={anonymise}
        onChange={(checked) => {
          setDiscretion({ anonymise: checked, withNotes: withNotes && !checked });
        }}
      />
      {anonymise ? (
        <p className="field-hint">
          It cannot hide times, sizes, ports, hop counts, how a system builds its packets, nor which addresses
          share a network.
          {withNotes && notesHint !== null ? ` ${notesHint}: look that they name nobody.` : ''}
        </p>
      ) : null}
      <Switch
        label="With my notes"
        about={notes}
        checked={withNotes}
        onChange={(checked) => {
          setDiscretion({ anonymise, withNotes: checked });
        }}
      />
    </>
  );
}
