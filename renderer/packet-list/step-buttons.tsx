/** Steps to the next and the previous packet of a kind; the kind is chosen from a menu and kept. */
import * as Ariakit from '@ariakit/react';
import { Check, ChevronDown, ChevronUp } from 'lucide-react';
import { PACKET_KIND_NAMES, PACKET_KINDS } from '../words/packet-text.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { IconButton } from '../ui/button.tsx';

export function StepButtons() {
  const { actions } = useApp();
  const kind = useAppState((state) => state.packetKind);
  const name = PACKET_KIND_NAMES[kind];
  return (
    <div className="steps" role="group" aria-label="Step through packets of a kind">
      <Ariakit.MenuProvider placement="bottom-end">
        <Ariakit.MenuButton className="steps-kind" title="What the arrows go to">
          {name}
        </Ariakit.MenuButton>
        <Ariakit.Menu
          className="menu column-menu"
          gutter={6}
          portal
          unmountOnHide
          aria-label="Go to the next"
        >
          {PACKET_KINDS.map((one) => (
            <Ariakit.MenuItemRadio
              key={one}
              name="kind"
              value={one}
              checked={one === kind}
              className="menu-item menu-check"
              onChange={() => {
                actions.setPacketKind(one);
              }}
            >
              <span className="menu-tick">
                <Ariakit.MenuItemCheck>
                  <Check size={13} aria-hidden="true" />
                </Ariakit.MenuItemCheck>
              </span>
              <span>{PACKET_KIND_NAMES[one]}</span>
            </Ariakit.MenuItemRadio>
          ))}
        </Ariakit.Menu>
      </Ariakit.MenuProvider>
      <IconButton
        label={`Previous: ${name}`}
        keys="p"
        icon={<ChevronUp size={15} aria-hidden="true" />}
        onClick={() => void actions.stepPacket(kind, true)}
      />
      <IconButton
        label={`Next: ${name}`}
        keys="n"
        icon={<ChevronDown size={15} aria-hidden="true" />}
        onClick={() => void actions.stepPacket(kind, false)}
      />
    </div>
  );
}
