/**
 * Pixels of a frame as the numbers that are stored, whatever they are packed in. Knows no place and
 * no unit. A codestream is held against the size that the attributes say before its image is
 * allocated.
 */
@NullMarked
package dev.lss.dicom.pixel;

import org.jspecify.annotations.NullMarked;
