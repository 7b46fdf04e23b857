/** The help of the filter, at the filter. */
import * as Ariakit from '@ariakit/react';
import { CircleHelp } from 'lucide-react';
import { FilterHelp } from './filter-help.tsx';

interface FilterHelpButtonProps {
  /** Terms to pick. */
  readonly chips: readonly string[];
  readonly onPick: (chip: string) => void;
}

export function FilterHelpButton({ chips, onPick }: FilterHelpButtonProps) {
  return (
    <Ariakit.PopoverProvider placement="bottom-end">
      <Ariakit.PopoverDisclosure className="filter-help" aria-label="How to filter">
        <CircleHelp size={13} aria-hidden="true" />
      </Ariakit.PopoverDisclosure>
      <Ariakit.Popover
        className="popover prose"
        gutter={8}
        portal
        unmountOnHide
        tabIndex={0}
        aria-label="How to filter"
      >
        <div className="filter-chips" role="group" aria-label="Terms to add">
          {chips.map((chip) => (
            <button
              key={chip}
              type="button"
              className="filter-chip mono"
              onClick={() => {
                onPick(chip);
              }}
            >
              {chip}
            </button>
          ))}
        </div>
        <FilterHelp />
      </Ariakit.Popover>
    </Ariakit.PopoverProvider>
  );
}
