package dev.lss.api;

import java.util.OptionalDouble;

/**
 * What the voxels of a muscle are on CT, as shares of all voxels inside its outline; they sum to 1.
 * HU are rounded to whole ones, halves to even. Immutable.
 *
 * @param fat intramuscular fat (IMAT), -190 to -30 HU (Aubrey et al. 2014)
 * @param lowAttenuation fatty muscle (LAMA), -29 to 29 HU
 * @param normalAttenuation muscle (NAMA), 30 to 150 HU
 * @param outside below -190 or above 150 HU
 * @param meanMuscleHu mean of the voxels of -29 to 150 HU; empty when there are none
 */
public record AttenuationClasses(
    double fat,
    double lowAttenuation,
    double normalAttenuation,
    double outside,
    OptionalDouble meanMuscleHu) {}
