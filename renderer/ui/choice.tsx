/** A labelled choice among numbers; a value that is none of the usual ones is listed, too. */

export interface ChoiceProps {
  readonly label: string;
  readonly value: number;
  readonly usual: readonly number[];
  readonly text: (value: number) => string;
  readonly onChange: (value: number) => void;
  readonly title?: string;
}

export function Choice({ label, value, usual, text, onChange, title }: ChoiceProps) {
  const values = usual.includes(value) ? usual : [...usual, value].sort((a, b) => a - b);
  return (
    <label className="option" title={title}>
      <span>{label}</span>
      <select
        className="select"
        value={value}
        onChange={(event) => {
          onChange(Number(event.target.value));
        }}
      >
        {values.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly about: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Switch({ label, about, checked, onChange }: SwitchProps) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        onChange={(event) => {
          onChange(event.target.checked);
        }}
      />
      <span className="switch-text">
        <span>{label}</span>
        <small>{about}</small>
      </span>
    </label>
  );
}
