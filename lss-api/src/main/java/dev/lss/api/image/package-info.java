/**
 * Images on grids: where every voxel lies in the patient, and its value.
 *
 * <p>Memory order is x fastest: voxel (i, j, k) is element {@code i + ni * (j + nj * k)}. World
 * positions are LPS millimetres (+x to the patient's left, +y posterior, +z superior). This package
 * knows nothing about files, networks or anatomy.
 */
@NullMarked
package dev.lss.api.image;

import org.jspecify.annotations.NullMarked;
