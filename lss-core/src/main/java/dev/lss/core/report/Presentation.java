package dev.lss.core.report;

import dev.lss.api.LumbarStudy;
import dev.lss.api.Measurements;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import java.util.List;

/**
 * How the results of a task are shown. Each method has a default that shows the labels alone.
 * Stateless and thread-safe.
 */
public interface Presentation {

  /** Shows labels alone. */
  Presentation LABELS_ONLY = new Presentation() {};

  /**
   * Adds what was measured to the object {@code measurements} of result.json; a task without
   * measurements adds nothing.
   */
  default void json(Measurements measured, JsonObject measurements) {}

  /** Returns tables for the console; empty when nothing was measured. */
  default List<TextTable> tables(Measurements measured) {
    return List.of();
  }

  /**
   * Adds what was measured in the frames of a clip to the object {@code measurements} of
   * result.json; by default a list {@code frames} with an entry for each, as {@link
   * #json(Measurements, JsonObject)} writes it.
   *
   * @param frames what was found in each frame, in the order of time
   * @param measurements where to
   */
  default void json(List<SegmentationResult> frames, JsonObject measurements) {
    measurements.put("frames", frames, (frame, node) -> json(frame.measurements(), node));
  }

  /** Returns tables of what was measured over the frames of a clip; empty when nothing was. */
  default List<TextTable> tables(List<SegmentationResult> frames) {
    return List.of();
  }

  /**
   * Returns a picture of the labels over the image, PNG.
   *
   * @param image the series under the labels, on their grid
   * @param result what was found
   */
  default byte[] picture(Series image, SegmentationResult result) {
    return Overlay.png(image, result.labels(), result.labelTable());
  }

  /**
   * Returns the picture of {@link #picture(Series, SegmentationResult)}, by a task that shows more
   * than one series; by default it is that.
   *
   * @param study what was segmented or measured
   * @param image the series under the labels, on their grid
   * @param result what was found
   */
  default byte[] picture(LumbarStudy study, Series image, SegmentationResult result) {
    return picture(image, result);
  }
}
