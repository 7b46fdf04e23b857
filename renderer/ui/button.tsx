/** Buttons. An icon alone always has a name, shown as a tooltip together with its shortcut. */
import * as Ariakit from '@ariakit/react';
import type { ComponentProps, ReactNode } from 'react';
import { Keys } from './keys.tsx';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: 'plain' | 'primary' | 'quiet';
  readonly icon?: ReactNode;
}

export function Button({ look = 'plain', icon, children, className = '', ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={`button button-${look} ${className}`}>
      {icon}
      {children}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<'button'> {
  readonly label: string;
  readonly keys?: string;
  readonly icon: ReactNode;
  /** For toggles. */
  readonly pressed?: boolean;
}

export function IconButton({ label, keys, icon, pressed, className = '', ...rest }: IconButtonProps) {
  return (
    <Ariakit.TooltipProvider timeout={450} placement="bottom">
      <Ariakit.TooltipAnchor
        render={
          <button
            type="button"
            {...rest}
            aria-label={label}
            aria-pressed={pressed}
            className={`icon-button ${className}`}
          />
        }
      >
        {icon}
      </Ariakit.TooltipAnchor>
      <Ariakit.Tooltip className="tooltip" gutter={6}>
        {label}
        {keys === undefined ? null : <Keys keys={keys} />}
      </Ariakit.Tooltip>
    </Ariakit.TooltipProvider>
  );
}
