/** The marks of the TCP analysis; they are part of what pages are told, and stand in the vocabulary. */
export * from '../../../shared/model/packet-marks.ts';
