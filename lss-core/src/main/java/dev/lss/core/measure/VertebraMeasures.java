package dev.lss.core.measure;

import dev.lss.api.InvalidStudyException;
import dev.lss.api.Measurement;
import dev.lss.api.Notice;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Slabs;
import dev.lss.core.morphometry.SpineForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Labelled vertebrae measured on the CT that they were segmented on, volume, centroid, attenuation
 * of the whole and of the middle of the body, and what is doubtful about the content of the image.
 * Immutable.
 *
 * <p>The rules are those of {@link LabelStatistics}, {@link BodyCore}, {@link HounsfieldUnits} and
 * {@link OrientationDoubt}.
 *
 * @param vertebrae one measurement for each vertebra that has voxels, cranial first; empty when
 *     there is none
 * @param form the spaces between neighbours, cranial first, and the lordosis; see {@link SpineForm}
 * @param notices {@code NOT_HU}, {@code ORIENTATION_DOUBTFUL} and {@code METAL} where they apply
 */
public record VertebraMeasures(
    List<VertebraMeasurement> vertebrae, List<Measurement> form, List<Notice> notices) {

  /** Cortical bone stays below it, also in a sharp kernel's noise; cement and metal do not. */
  private static final double METAL_HU = 2500;

  private static final double METAL_MM3 = 20;

  /** Copies the lists. */
  public VertebraMeasures {
    vertebrae = List.copyOf(vertebrae);
    form = List.copyOf(form);
    notices = List.copyOf(notices);
  }

  /**
   * Measures the vertebrae of the table. Labels that it does not list, and structures that are no
   * vertebrae, are not measured.
   *
   * @param labels whole vertebrae, on the CT's grid
   * @param table what the label values stand for
   * @param ct the CT in Hounsfield units; where its values cannot be such, nothing is said of
   *     attenuation
   * @throws InvalidStudyException {@code GRID_MISMATCH} when labels and CT do not lie on one grid,
   *     {@code NON_FINITE_SAMPLES} when the CT is not finite under a label
   */
  public static VertebraMeasures of(LabelVolume labels, LabelTable table, Volume ct) {
    return of(labels, table, ct, Slabs.SERIAL);
  }

  /** Does the same with the threads of {@code slabs}, which take a vertebra at a time. */
  public static VertebraMeasures of(LabelVolume labels, LabelTable table, Volume ct, Slabs slabs) {
    Optional<Notice> notHu = HounsfieldUnits.doubt(ct);
    List<LabelStatistics> found =
        LabelStatistics.of(labels, ct).stream()
            .filter(label -> level(label, table).isPresent())
            .toList();
    One[] measured = new One[found.size()];
    slabs.forEach(
        measured.length,
        (from, to) -> {
          for (int n = from; n < to; n++) {
            VertebraLevel level = level(found.get(n), table).orElseThrow();
            measured[n] = One.of(level, labels, found.get(n), ct, notHu.isEmpty());
          }
        });
    List<One> downwards =
        Arrays.stream(measured)
            .sorted(Comparator.comparing((One one) -> one.seen().level()))
            .toList();
    List<Notice> notices = new ArrayList<>();
    notHu.ifPresent(notices::add);
    OrientationDoubt.of(downwards.stream().map(One::seen).toList()).ifPresent(notices::add);
    for (One one : downwards) {
      if (one.vertebra().holdsMetal()) {
        notices.add(
            new Notice(
                "METAL",
                one.seen().level()
                    + " holds metal or cement: its outline and mean HU are unreliable"));
      }
    }
    SpineForm form = SpineForm.of(labels, downwards.stream().map(One::outlined).toList(), slabs);
    List<Measurement> between = new ArrayList<>(form.discSpaces());
    form.lordosis().ifPresent(between::add);
    return new VertebraMeasures(
        downwards.stream()
            .map(One::vertebra)
            .map(one -> one.toBuilder().shape(Optional.of(form.shape(one.level()))).build())
            .toList(),
        between,
        notices);
  }

  /** One vertebra, and what it says of the image's directions. */
  private record One(
      VertebraMeasurement vertebra, OrientationDoubt.Seen seen, LabelStatistics label) {

    static One of(
        VertebraLevel level,
        LabelVolume labels,
        LabelStatistics label,
        Volume ct,
        boolean hounsfield) {
      Optional<BodyCore> body = BodyCore.of(labels, label);
      VertebraMeasurement.Builder vertebra =
          VertebraMeasurement.builder(level, label.volumeMm3(), label.centroidMm())
              .touchesBorder(label.touchesBorder());
      if (hounsfield) {
        float[] hu = ct.toArray(label.bounds());
        vertebra.meanHu(label.mean()).holdsMetal(holdsMetal(labels, label, hu));
        body.ifPresent(
            core -> vertebra.bodyMeanHu(core.meanHu(hu, ct.geometry().voxelVolumeMm3())));
      }
      return new One(
          vertebra.build(),
          new OrientationDoubt.Seen(
              level, label.centroidMm(), body.map(core -> core.centreMm(labels.geometry()))),
          label);
    }

    SpineForm.Vertebra outlined() {
      return new SpineForm.Vertebra(
          seen.level(), label.label(), label.bounds(), seen.bodyMm(), label.touchesBorder());
    }
  }

  private static boolean holdsMetal(LabelVolume labels, LabelStatistics label, float[] hu) {
    short[] values = labels.toArray(label.bounds());
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
