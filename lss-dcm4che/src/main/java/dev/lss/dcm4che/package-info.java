/**
 * For applications that hold {@code Attributes} of dcm4che: a series from them, a segmentation and
 * a report as them. Pixels are decoded by lss-dicom, so no codec of dcm4che is needed.
 */
@NullMarked
package dev.lss.dcm4che;

import org.jspecify.annotations.NullMarked;
