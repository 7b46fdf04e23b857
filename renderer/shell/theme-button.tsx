/** Changes to the next theme. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { useApp, useAppState } from '../core/app-context.ts';
import { THEMES } from '../state/ui-slice.ts';
import { IconButton } from '../ui/button.tsx';

export function ThemeButton() {
  const { actions } = useApp();
  const theme = useAppState((state) => state.theme);
  const Icon = theme === 'dark' ? Moon : theme === 'light' ? Sun : Monitor;
  return (
    <IconButton
      label={`Theme: ${theme === 'system' ? 'as the system' : theme}`}
      icon={<Icon size={16} aria-hidden="true" />}
      onClick={() => {
        actions.setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
      }}
    />
  );
}
