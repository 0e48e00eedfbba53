package dev.lss.core.measure;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Measures labelled vertebrae on the CT that they were drawn on: volume, centroid, attenuation of
 * the whole and of the middle of the body.
 *
 * <p>The rules are those of {@link LabelStatistics} and {@link BodyCore}.
 */
public final class VertebraMeasures {

  private VertebraMeasures() {}

  /**
   * Returns one measurement for each vertebra of the table that has voxels, cranial first; empty
   * when there is none. Labels that the table does not list, and structures that are no vertebrae,
   * are not measured.
   *
   * @param labels whole vertebrae, on the CT's grid
   * @param table what the label values stand for
   * @param ct the CT in Hounsfield units
   * @throws InvalidStudyException {@code GRID_MISMATCH} when labels and CT do not lie on one grid,
   *     {@code NON_FINITE_SAMPLES} when the CT is not finite under a label
   */
  public static List<VertebraMeasurement> of(LabelVolume labels, LabelTable table, Volume ct) {
    List<VertebraMeasurement> measured = new ArrayList<>();
    for (LabelStatistics label : LabelStatistics.of(labels, ct)) {
      if (table.byValue(label.label()).map(LabelTable.Entry::structure).orElse(null)
          instanceof Structure.Vertebra vertebra) {
        measured.add(
            new VertebraMeasurement(
                vertebra.level(),
                label.volumeMm3(),
                label.centroidMm(),
                label.mean().orElseThrow(),
                BodyCore.meanHu(labels, label, ct),
                label.touchesBorder()));
      }
    }
    measured.sort(Comparator.comparing(VertebraMeasurement::level));
    return List.copyOf(measured);
  }
}
