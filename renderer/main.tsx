import './styles/index.css';
import { mount } from './shell/mount.tsx';
import { connect } from './platform/connect.ts';

mount(document, connect());
