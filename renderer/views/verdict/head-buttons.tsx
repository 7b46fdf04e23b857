/** The buttons beside a verdict, and beside a failure: the one before and after it, its text, and away with it. */
import { ChevronDown, ChevronUp, Copy, X } from 'lucide-react';
import { useApp } from '../../core/app-context.ts';
import { IconButton } from '../../ui/button.tsx';

interface HeadButtonsProps {
  /** What is gone through: "reset". */
  readonly step: string;
  readonly onStep: (by: -1 | 1) => void;
  /** What is copied and closed: "verdict". */
  readonly shown: string;
  readonly text: () => string;
}

export function HeadButtons({ step, onStep, shown, text }: HeadButtonsProps) {
  const { actions } = useApp();
  return (
    <span className="verdict-buttons">
      <IconButton
        label={`Previous ${step}`}
        keys="k"
        icon={<ChevronUp size={15} aria-hidden="true" />}
        onClick={() => {
          onStep(-1);
        }}
      />
      <IconButton
        label={`Next ${step}`}
        keys="j"
        icon={<ChevronDown size={15} aria-hidden="true" />}
        onClick={() => {
          onStep(1);
        }}
      />
      <IconButton
        label={`Copy ${shown} as text`}
        keys="c"
        icon={<Copy size={14} aria-hidden="true" />}
        onClick={() => void actions.copy(text(), `the ${shown}`)}
      />
      <IconButton
        label={`Close the ${shown}`}
        keys="Escape"
        icon={<X size={15} aria-hidden="true" />}
        onClick={() => {
          actions.closePane();
        }}
      />
    </span>
  );
}
