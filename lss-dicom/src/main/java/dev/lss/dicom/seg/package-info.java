/**
 * Segmentation objects: labels as the frames of a DICOM file (PS3.3 A.51), and back. The writer
 * repeats where the source's slices lie and never resamples; the reader puts every frame where the
 * file says, and refuses what contradicts itself.
 */
@NullMarked
package dev.lss.dicom.seg;

import org.jspecify.annotations.NullMarked;
