package dev.lss.api;

import dev.lss.api.anatomy.Structure;
import java.util.Objects;

/**
 * How wide the spinal canal is from front to back, behind a vertebral body or a disc, in the middle
 * between left and right. Immutable.
 *
 * <p>Measured on the label of the canal, square to its course. A screening value: stenosis is also
 * a matter of area, of the recesses and of what fills the canal.
 *
 * @param at the vertebra or disc behind which it was measured
 * @param anteroposteriorMm the diameter in mm; positive
 * @param quality whether to rely on it
 */
public record CanalMeasurement(Structure at, double anteroposteriorMm, ShapeQuality quality)
    implements Measurement {

  private static final Structure CANAL = new Structure.Other("spinal-canal");

  /** Refuses a diameter that is not positive. */
  public CanalMeasurement {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(quality, "quality");
    if (!(anteroposteriorMm > 0)) {
      throw new IllegalArgumentException(
          "anteroposteriorMm must be positive, was " + anteroposteriorMm);
    }
  }

  @Override
  public Structure structure() {
    return CANAL;
  }
}
