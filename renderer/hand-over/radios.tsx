/** One of a few, all in sight: arrow keys move among them. */
import { useId } from 'react';

interface RadiosProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly text: string; readonly isOff?: boolean }[];
  readonly onChange: (value: T) => void;
}

export function Radios<T extends string>({ label, value, options, onChange }: RadiosProps<T>) {
  const name = useId();
  return (
    <fieldset className="hand-over-radios">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            disabled={option.isOff === true}
            onChange={() => {
              onChange(option.value);
            }}
          />
          {option.text}
        </label>
      ))}
    </fieldset>
  );
}
