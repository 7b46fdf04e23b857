import './styles/index.css';
import { mount } from './app/mount.tsx';
import { connect } from './platform/connect.ts';

mount(document, connect());
