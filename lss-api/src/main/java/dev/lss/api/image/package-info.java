/**
 * Images on grids: where every voxel lies in the patient, and its value.
 *
 * <p>Memory order is x fastest: voxel (i, j, k) is element {@code i + ni * (j + nj * k)}. World
 * positions are LPS millimetres (+x to the patient's left, +y posterior, +z superior). This package
 * knows nothing about files, networks or anatomy.
 *
 * <p>Null is never taken: it is a mistake in the program and not in the data, so it is a {@link
 * NullPointerException} whose message names the parameter. Numbers that no image has (NaN,
 * infinity, an extent of 0, a voxel of 5e-324 mm) are an {@link IllegalArgumentException} with
 * name, bound and value.
 */
@NullMarked
package dev.lss.api.image;

import org.jspecify.annotations.NullMarked;
