/**
 * Pure functions from volume to volume, one idea a file. Lossless steps (orient, crop, paste) and
 * lossy ones (resample) are different classes; nothing here knows networks or files.
 */
@NullMarked
package dev.lss.core.image;

import org.jspecify.annotations.NullMarked;
