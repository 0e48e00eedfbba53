/**
 * Voxels as files store them: streams that are inflated and hashed on the way, types of numbers,
 * what a grid may be, and the refusals that NIfTI, NRRD and MetaImage share. Knows no format and is
 * not exported; depends on {@code core.io} and {@code core.image}.
 */
@NullMarked
package dev.lss.core.voxel;

import org.jspecify.annotations.NullMarked;
