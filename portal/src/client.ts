import type { OpenPortal } from './api';
export declare const openPortal: OpenPortal;
