/**
 * The task {@code mr-spine}: tissues of sagittal MR parted into vertebrae and discs, their levels,
 * what they measure and how it is shown. Uses stages of networks, images, the naming of levels and
 * the form of spines; no other task.
 */
@NullMarked
package dev.lss.core.spine;

import org.jspecify.annotations.NullMarked;
