package dev.lss.core.spine;

import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.Measurement;
import dev.lss.api.Notice;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.anatomy.Structure;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.image.Orient;
import dev.lss.core.image.Slabs;
import dev.lss.core.measure.LabelStatistics;
import dev.lss.core.measure.OrientationDoubt;
import dev.lss.core.morphometry.CanalWidth;
import dev.lss.core.morphometry.SpineForm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the labels of a spine measure ({@link SpineLabels}): vertebrae, discs, canal, lordosis; the
 * same whatever way the image is stored.
 *
 * @param vertebrae from the head down
 * @param others spaces of discs, widths of the canal, lordosis
 * @param notices what is doubtful
 */
record SpineMeasures(
    List<VertebraMeasurement> vertebrae, List<Measurement> others, List<Notice> notices) {

  /** How much of the sacrum is its first segment. */
  private static final double SEGMENT_MM = 16;

  /** Fluid is the brightest tenth of the canal on T2. */
  private static final double FLUID = 0.9;

  private static final int FEWEST_VOXELS = 20;

  SpineMeasures {
    vertebrae = List.copyOf(vertebrae);
    others = List.copyOf(others);
    notices = List.copyOf(notices);
  }

  /** Measures labels on the grid of a series. */
  static SpineMeasures of(LabelVolume stored, LabelTable table, Series series, Slabs slabs) {
    AnatomicalCode code = AnatomicalCode.parse("PIL");
    LabelVolume labels = Orient.to(stored, code);
    Volume image = Orient.to(series.volume(), code);
    List<LabelStatistics> found = LabelStatistics.of(labels, image);
    List<One> vertebrae = new ArrayList<>();
    for (LabelStatistics label : found) {
      level(label, table)
          .ifPresent(
              level ->
                  vertebrae.add(
                      new One(level, label, BodyMiddle.of(labels, label.label(), label.bounds()))));
    }
    vertebrae.sort(Comparator.comparing(One::level));
    SpineForm form =
        SpineForm.of(
            labels,
            vertebrae.stream().map(One::outlined).toList(),
            sacrum(labels, found, vertebrae),
            slabs);
    List<Measurement> others = new ArrayList<>();
    Optional<Double> fluid =
        series.role().equals(SeriesRole.T2) ? fluid(image, labels, found) : Optional.empty();
    for (DiscSpaceMeasurement space : form.discSpaces()) {
      others.add(withDisc(space, found, fluid));
    }
    others.addAll(canal(labels, found, vertebrae));
    form.lordosis().ifPresent(others::add);
    List<Notice> notices = new ArrayList<>();
    OrientationDoubt.of(vertebrae.stream().map(One::seen).toList()).ifPresent(notices::add);
    for (One one : vertebrae) {
      if (one.isCut(labels)) {
        notices.add(
            new Notice(
                "PARTIAL_FOV",
                one.level
                    + " touches the upper, lower, front or back border of the image: part of it"
                    + " may be out of view"));
      }
    }
    return new SpineMeasures(
        vertebrae.stream()
            .map(
                one ->
                    VertebraMeasurement.builder(
                            one.level, one.label.volumeMm3(), one.label.centroidMm())
                        .touchesBorder(one.label.touchesBorder())
                        .shape(Optional.of(form.shape(one.level)))
                        .build())
            .toList(),
        others,
        notices);
  }

  /** A labelled vertebra. */
  private record One(VertebraLevel level, LabelStatistics label, Optional<Vector3> bodyMm) {

    SpineForm.Vertebra outlined() {
      return new SpineForm.Vertebra(
          level, label.label(), label.bounds(), bodyMm, label.touchesBorder());
    }

    OrientationDoubt.Seen seen() {
      return new OrientationDoubt.Seen(level, label.centroidMm(), bodyMm);
    }

    /** At its sides a slab cuts every vertebra. */
    boolean isCut(LabelVolume labels) {
      IndexBox box = label.bounds();
      return box.i0() == 0
          || box.j0() == 0
          || box.i1() == labels.extents().i()
          || box.j1() == labels.extents().j();
    }
  }

  private static Optional<VertebraLevel> level(LabelStatistics label, LabelTable table) {
    return table
        .byValue(label.label())
        .map(LabelTable.Entry::structure)
        .filter(Structure.Vertebra.class::isInstance)
        .map(structure -> ((Structure.Vertebra) structure).level());
  }

  private static Optional<SpineForm.Sacrum> sacrum(
      LabelVolume labels, List<LabelStatistics> found, List<One> vertebrae) {
    Optional<LabelStatistics> label = LabelStatistics.find(found, SpineLabels.SACRUM);
    List<Vector3> bodies = vertebrae.stream().flatMap(one -> one.bodyMm.stream()).toList();
    if (label.isEmpty() || bodies.isEmpty()) {
      return Optional.empty();
    }
    IndexBox box = label.get().bounds();
    Vector3 last = bodies.get(bodies.size() - 1);
    Vector3 down = SpineCurve.unit(label.get().centroidMm().minus(last));
    List<Vector3> voxels = new ArrayList<>();
    for (int k = box.k0(); k < box.k1(); k++) {
      for (int j = box.j0(); j < box.j1(); j++) {
        for (int i = box.i0(); i < box.i1(); i++) {
          if (labels.get(i, j, k) == SpineLabels.SACRUM) {
            voxels.add(labels.geometry().toWorldMm(new Vector3(i, j, k)));
          }
        }
      }
    }
    double[] depths = voxels.stream().mapToDouble(v -> v.minus(last).dot(down)).sorted().toArray();
    double top = depths[depths.length / 50];
    Vector3 sum = new Vector3(0, 0, 0);
    int count = 0;
    for (Vector3 voxel : voxels) {
      if (voxel.minus(last).dot(down) < top + SEGMENT_MM) {
        sum = sum.plus(voxel);
        count++;
      }
    }
    return Optional.of(new SpineForm.Sacrum(SpineLabels.SACRUM, box, sum.times(1.0 / count)));
  }

  /** Returns the signal of the canal's fluid; empty without a canal. */
  private static Optional<Double> fluid(
      Volume image, LabelVolume labels, List<LabelStatistics> found) {
    return LabelStatistics.find(found, SpineLabels.CANAL)
        .map(
            canal -> {
              float[] values = image.toArray(canal.bounds());
              short[] here = labels.toArray(canal.bounds());
              double[] inside = new double[(int) canal.voxels()];
              int count = 0;
              for (int n = 0; n < values.length; n++) {
                if (here[n] == SpineLabels.CANAL) {
                  inside[count++] = values[n];
                }
              }
              Arrays.sort(inside);
              return inside[(int) (FLUID * (count - 1))];
            })
        .filter(signal -> signal > 0);
  }

  private static DiscSpaceMeasurement withDisc(
      DiscSpaceMeasurement space, List<LabelStatistics> found, Optional<Double> fluid) {
    int value = SpineLabels.DISC + space.structure().above().verseId();
    Optional<LabelStatistics> disc =
        LabelStatistics.find(found, value).filter(label -> label.voxels() >= FEWEST_VOXELS);
    if (disc.isEmpty()) {
      return space;
    }
    DiscSpaceMeasurement.Builder more = space.toBuilder().volumeMm3(disc.get().volumeMm3());
    fluid.ifPresent(signal -> more.signalRatio(disc.get().mean().orElseThrow() / signal));
    return more.build();
  }

  private static List<Measurement> canal(
      LabelVolume labels, List<LabelStatistics> found, List<One> vertebrae) {
    List<Measurement> widths = new ArrayList<>();
    Optional<LabelStatistics> canal = LabelStatistics.find(found, SpineLabels.CANAL);
    List<One> bodies = vertebrae.stream().filter(one -> one.bodyMm.isPresent()).toList();
    if (canal.isEmpty() || bodies.size() < 2) {
      return widths;
    }
    SpineCurve curve =
        SpineCurve.through(
            bodies.stream().map(one -> one.bodyMm.orElseThrow()).toList(),
            new Vector3(0, 1, 0),
            new Vector3(0, 0, -1));
    CanalWidth width = new CanalWidth(labels, SpineLabels.CANAL, canal.get().bounds());
    for (int n = 0; n < bodies.size(); n++) {
      VertebraLevel level = bodies.get(n).level;
      width
          .behind(new Structure.Vertebra(level), curve.centreMm(n), curve.up(n))
          .ifPresent(widths::add);
      if (n + 1 < bodies.size()) {
        Vector3 middle = curve.centreMm(n).plus(curve.centreMm(n + 1)).times(0.5);
        Vector3 up = curve.centreMm(n).minus(curve.centreMm(n + 1));
        width.behind(new Structure.Disc(level), middle, up).ifPresent(widths::add);
      }
    }
    return widths;
  }

  /** Returns all measurements, those of vertebrae first. */
  List<Measurement> all() {
    List<Measurement> all = new ArrayList<>(vertebrae);
    all.addAll(others);
    return all;
  }

  /** Returns all measurements, of vertebrae with the probability of their levels. */
  List<Measurement> withConfidence(double probability) {
    List<Measurement> all = new ArrayList<>();
    vertebrae.forEach(
        one -> all.add(one.toBuilder().levelConfidence(OptionalDouble.of(probability)).build()));
    all.addAll(others);
    return all;
  }
}
