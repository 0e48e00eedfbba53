package dev.lss.core.raster;

import dev.lss.api.SourceRef;
import dev.lss.api.image.Volume;

/**
 * A picture that was read. Immutable.
 *
 * @param plane grey values from 0 to 255, one plane
 * @param source hash of the file as it lay on the disk
 */
public record RasterImage(Volume plane, SourceRef source) {}
