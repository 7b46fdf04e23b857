/** What stands where there is nothing to list: a sign, what it means, what can be done. */
import type { ReactNode } from 'react';

interface EmptyProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly tone?: 'plain' | 'good' | 'bad';
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function Empty({ icon, title, tone = 'plain', children, actions }: EmptyProps) {
  return (
    <div className={`empty tone-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div className="empty-icon" aria-hidden="true">
        {icon}
      </div>
      <h2>{title}</h2>
      {children === undefined ? null : <div className="empty-text">{children}</div>}
      {actions === undefined ? null : <div className="empty-actions">{actions}</div>}
    </div>
  );
}
