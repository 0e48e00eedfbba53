package dev.lss.dicom.seg;

import dev.lss.dicom.derived.Anatomy;

/**
 * One structure of a segmentation that is to be written. Immutable.
 *
 * @param number its number in the file; of a label map the value of its pixels
 * @param label its value in the labels
 * @param anatomy what it is
 * @param rgb display colour, 0xRRGGBB
 * @param trackingUid what names it in the file and in reports about it
 */
public record Segment(int number, int label, Anatomy anatomy, int rgb, String trackingUid) {}
