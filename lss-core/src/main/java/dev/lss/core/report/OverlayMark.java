package dev.lss.core.report;

import dev.lss.api.image.Vector3;

/**
 * A straight line that is drawn over the sagittal plane of an {@link Overlay}, wherever it lies
 * from left to right. Immutable.
 *
 * @param fromMm where it begins, LPS mm
 * @param toMm where it ends
 * @param rgb its colour, 0xRRGGBB
 * @param text what stands at its end; blank for nothing
 */
public record OverlayMark(Vector3 fromMm, Vector3 toMm, int rgb, String text) {}
