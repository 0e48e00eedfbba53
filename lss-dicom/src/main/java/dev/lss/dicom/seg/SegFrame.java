package dev.lss.dicom.seg;

/**
 * A frame that is to be written. Immutable.
 *
 * @param segment its segment, counted from 0; -1 for all of a label map
 * @param slice its slice of the source, counted from 0
 */
record SegFrame(int segment, int slice) {}
