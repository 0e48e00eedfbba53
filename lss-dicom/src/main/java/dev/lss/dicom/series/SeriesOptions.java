package dev.lss.dicom.series;

/**
 * What is done about defects.
 *
 * @param gapTolerance how much the distance of two slices may differ, as a share of it
 * @param correctsTilt whether slices that drift sideways are moved back by interpolation
 */
public record SeriesOptions(double gapTolerance, boolean correctsTilt) {}
