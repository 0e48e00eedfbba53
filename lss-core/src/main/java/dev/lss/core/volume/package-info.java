/**
 * Volumes from any file that is read, told by its first bytes: NIfTI, NRRD, MetaImage. {@link
 * dev.lss.core.volume.VolumeFiles} is the way in. Reads the same grid, spacing and voxels as ITK.
 * Depends on {@code core.nifti} and on what the readers share; knows nothing of tasks.
 */
@NullMarked
package dev.lss.core.volume;

import org.jspecify.annotations.NullMarked;
