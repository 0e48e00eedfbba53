/**
 * The bytes of a DICOM file as attributes: transfer syntaxes, nesting, lengths, values. Knows
 * nothing of images. Every length is held against the bytes that are there before anything is
 * allocated, and no message repeats a value.
 */
@NullMarked
package dev.lss.dicom.data;

import org.jspecify.annotations.NullMarked;
