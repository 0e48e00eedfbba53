/**
 * NIfTI-1 and NIfTI-2 in and out, plain and gzip. The header is checked before anything is
 * allocated. Knows volumes and geometry alone.
 */
@NullMarked
package dev.lss.core.nifti;

import org.jspecify.annotations.NullMarked;
