import './styles/index.css';
import { windowBar } from './core/address-bar.ts';
import { mount } from './shell/mount.tsx';
import { connect } from './platform/connect.ts';

// The session takes its code off the address before anything else reads the address.
const platform = connect();
mount(document, platform, windowBar(window, window.resetscope === undefined));
