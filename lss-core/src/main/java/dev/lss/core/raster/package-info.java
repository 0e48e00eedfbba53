/**
 * Reads pictures (PNG, JPEG, TIFF) as planes of grey values, and writes labels as PNG. Knows files
 * and pixels, and nothing of tasks. What a DICOM ultrasound image holds arrives as the same planes,
 * from its own reader.
 */
@NullMarked
package dev.lss.core.raster;

import org.jspecify.annotations.NullMarked;
