package dev.example;

import dev.lss.api.Measurement;
import dev.lss.api.anatomy.Structure;

/**
 * How bright a structure is on two images; a measurement that the library does not know.
 *
 * @param structure what was measured
 * @param meanT1 mean of the T1-weighted image over its voxels
 * @param meanT2 mean of the T2-weighted image over its voxels
 */
public record Brightness(Structure structure, double meanT1, double meanT2)
    implements Measurement {}
