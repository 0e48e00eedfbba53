package dev.lss.core.measure;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Slabs;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Measures labelled vertebrae on the CT that they were segmented on: volume, centroid, attenuation
 * of the whole and of the middle of the body.
 *
 * <p>The rules are those of {@link LabelStatistics} and {@link BodyCore}.
 */
public final class VertebraMeasures {

  /** Cortical bone stays below it, also in a sharp kernel's noise; cement and metal do not. */
  private static final double METAL_HU = 2500;

  private static final double METAL_MM3 = 20;

  private VertebraMeasures() {}

  /**
   * Returns one measurement for each vertebra of the table that has voxels, cranial first; empty
   * when there is none. Labels that the table does not list, and structures that are no vertebrae,
   * are not measured.
   *
   * @param labels whole vertebrae, on the CT's grid
   * @param table what the label values stand for
   * @param ct the CT in Hounsfield units
   * @param hounsfield whether its values are such; where not, nothing is said of attenuation
   * @throws InvalidStudyException {@code GRID_MISMATCH} when labels and CT do not lie on one grid,
   *     {@code NON_FINITE_SAMPLES} when the CT is not finite under a label
   */
  public static List<VertebraMeasurement> of(
      LabelVolume labels, LabelTable table, Volume ct, boolean hounsfield) {
    return of(labels, table, ct, hounsfield, Slabs.SERIAL);
  }

  /** Does the same with the threads of {@code slabs}, which take a vertebra at a time. */
  public static List<VertebraMeasurement> of(
      LabelVolume labels, LabelTable table, Volume ct, boolean hounsfield, Slabs slabs) {
    List<LabelStatistics> found =
        LabelStatistics.of(labels, ct).stream()
            .filter(label -> level(label, table).isPresent())
            .toList();
    VertebraMeasurement[] measured = new VertebraMeasurement[found.size()];
    slabs.forEach(
        measured.length,
        (from, to) -> {
          for (int n = from; n < to; n++) {
            LabelStatistics label = found.get(n);
            VertebraMeasurement.Builder vertebra =
                VertebraMeasurement.builder(
                        level(label, table).orElseThrow(), label.volumeMm3(), label.centroidMm())
                    .touchesBorder(label.touchesBorder());
            if (hounsfield) {
              vertebra
                  .meanHu(label.mean())
                  .bodyMeanHu(BodyCore.meanHu(labels, label, ct))
                  .holdsMetal(holdsMetal(labels, label, ct));
            }
            measured[n] = vertebra.build();
          }
        });
    return Arrays.stream(measured)
        .sorted(Comparator.comparing(VertebraMeasurement::level))
        .toList();
  }

  private static boolean holdsMetal(LabelVolume labels, LabelStatistics label, Volume ct) {
    short[] values = labels.toArray(label.bounds());
    float[] hu = ct.toArray(label.bounds());
    int voxels = 0;
    for (int n = 0; n < values.length; n++) {
      if (hu[n] > METAL_HU && Short.toUnsignedInt(values[n]) == label.label()) {
        voxels++;
      }
    }
    return voxels * label.volumeMm3() / label.voxels() > METAL_MM3;
  }

  private static Optional<VertebraLevel> level(LabelStatistics label, LabelTable table) {
    return table.byValue(label.label()).map(LabelTable.Entry::structure).stream()
        .filter(Structure.Vertebra.class::isInstance)
        .map(structure -> ((Structure.Vertebra) structure).level())
        .findFirst();
  }
}
