/**
 * DICOM series of a folder, a zip or single files as volumes in patient space, planes of known
 * scale and clips. Depends on lss-api and, for JPEG 2000 alone, on jai-imageio. Never guesses: what
 * cannot be placed is refused with a code, what is doubtful comes with a notice.
 */
@NullMarked
package dev.lss.dicom;

import org.jspecify.annotations.NullMarked;
