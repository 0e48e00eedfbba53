package dev.lss.core.morphometry;

import dev.lss.api.DiscSpaceMeasurement;
import dev.lss.api.LordosisMeasurement;
import dev.lss.api.ShapeQuality;
import dev.lss.api.VertebralShape;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.image.Slabs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The form of a spine from the labels of its vertebrae: of each body its heights, of each two
 * neighbours the space between them and the slip, and the lordosis. Immutable.
 *
 * <p>A body stands across the line from the body below to the one above, its front away from the
 * arch (or towards the patient's front where the labels hold no arch), until its own endplates say
 * better; see {@link VertebralBody} and {@link SurfacePlane}. Formulas: Genant et al. 1993
 * (heights, deformity), Dabbs 1990 (disc height), Meyerding 1932 (slip), Cobb (angle).
 */
public final class SpineForm {

  /** From the head down. */
  private static final List<VertebraLevel> ORDER = List.of(VertebraLevel.values());

  private static final Vector3 UP = new Vector3(0, 0, 1);
  private static final double ARCH_MM = 22;
  private static final int FEWEST_OF_ARCH = 30;
  private static final double POOR_PERCENT = 20;
  private static final double SAME_MM = 1;

  private final Map<VertebraLevel, VertebralBody> bodies;
  private final Map<VertebraLevel, VertebralShape> shapes = new EnumMap<>(VertebraLevel.class);

  private final Optional<Endplate> sacrum;

  private SpineForm(
      Map<VertebraLevel, VertebralBody> bodies,
      List<Vertebra> vertebrae,
      Optional<Endplate> sacrum) {
    this.bodies = bodies;
    this.sacrum = sacrum;
    vertebrae.forEach(one -> shapes.put(one.level, shapeOf(one)));
  }

  private ShapeQuality unmeasured(Vertebra one) {
    VertebralBody body = bodies.get(one.level);
    return body != null
        ? body.quality()
        : one.touchesBorder ? ShapeQuality.PARTIAL_VIEW : ShapeQuality.NOT_AVAILABLE;
  }

  /**
   * A labelled vertebra.
   *
   * @param level which one
   * @param label its value
   * @param box the voxels outside of which there is none of it
   * @param bodyMm a position well inside of its body, LPS mm; empty where no body is found
   * @param touchesBorder whether part of it may be out of view
   */
  public record Vertebra(
      VertebraLevel level,
      int label,
      IndexBox box,
      Optional<Vector3> bodyMm,
      boolean touchesBorder) {}

  /**
   * The labelled sacrum.
   *
   * @param label its value
   * @param box the voxels outside of which there is none of it
   * @param topMm a position inside of its first segment, LPS mm
   */
  public record Sacrum(int label, IndexBox box, Vector3 topMm) {}

  /** Measures vertebrae without a sacrum. */
  public static SpineForm of(LabelVolume labels, List<Vertebra> vertebrae, Slabs slabs) {
    return of(labels, vertebrae, Optional.empty(), slabs);
  }

  /**
   * Measures vertebrae, with the threads of {@code slabs}, which take one at a time.
   *
   * @param labels vertebrae, whole or bodies alone; a volume, or a single sagittal slice
   * @param vertebrae which of them to measure; each level at most once
   * @param sacrum the sacrum below the lowest of them; empty where none is labelled
   */
  public static SpineForm of(
      LabelVolume labels, List<Vertebra> vertebrae, Optional<Sacrum> sacrum, Slabs slabs) {
    Map<VertebraLevel, Vector3> centres = new EnumMap<>(VertebraLevel.class);
    vertebrae.forEach(one -> one.bodyMm.ifPresent(body -> centres.put(one.level, body)));
    List<Optional<VertebralBody>> found =
        new ArrayList<>(Collections.nCopies(vertebrae.size(), Optional.empty()));
    slabs.forEach(
        vertebrae.size(),
        (from, to) -> {
          for (int n = from; n < to; n++) {
            Vertebra one = vertebrae.get(n);
            found.set(
                n,
                one.bodyMm
                    .map(c -> LevelFrame.of(c, up(one.level, centres), front(labels, one, c)))
                    .flatMap(frame -> VertebralBody.of(labels, one.label, one.box, frame)));
          }
        });
    Map<VertebraLevel, VertebralBody> bodies = new EnumMap<>(VertebraLevel.class);
    for (int n = 0; n < vertebrae.size(); n++) {
      VertebraLevel level = vertebrae.get(n).level;
      found.get(n).ifPresent(body -> bodies.put(level, body));
    }
    Optional<Endplate> plate =
        vertebrae.stream()
            .filter(one -> one.level == VertebraLevel.L5 || one.level == VertebraLevel.L6)
            .max(Comparator.comparing(one -> one.level))
            .flatMap(one -> one.bodyMm)
            .flatMap(lowest -> sacrum.flatMap(bone -> plate(labels, bone, lowest)));
    return new SpineForm(bodies, vertebrae, plate);
  }

  private static Optional<Endplate> plate(LabelVolume labels, Sacrum bone, Vector3 lowest) {
    LevelFrame frame = LevelFrame.of(bone.topMm, lowest.minus(bone.topMm), LevelFrame.FRONT);
    return VertebralBody.upperEndplate(labels, bone.label, bone.box, frame);
  }

  /** Returns the level that stands below another among some; empty when it is not there. */
  private static Optional<VertebraLevel> below(VertebraLevel level, Set<VertebraLevel> levels) {
    boolean skips = level == VertebraLevel.T12 && !levels.contains(VertebraLevel.T13);
    int next = ORDER.indexOf(level) + (skips ? 2 : 1);
    return next < ORDER.size() && levels.contains(ORDER.get(next))
        ? Optional.of(ORDER.get(next))
        : Optional.empty();
  }

  private static Optional<VertebraLevel> above(VertebraLevel level, Set<VertebraLevel> levels) {
    return levels.stream()
        .filter(other -> below(other, levels).equals(Optional.of(level)))
        .findFirst();
  }

  /** Returns the direction from the nearest body below to the nearest one above. */
  private static Vector3 up(VertebraLevel level, Map<VertebraLevel, Vector3> centres) {
    Vector3 own = Objects.requireNonNull(centres.get(level));
    Vector3 up =
        above(level, centres.keySet())
            .map(centres::get)
            .orElse(own)
            .minus(below(level, centres.keySet()).map(centres::get).orElse(own));
    return up.norm() < SAME_MM ? UP : up;
  }

  /**
   * Returns the direction from the arch to the body. The arch is what lies behind the reach of any
   * body; the farther back, the less its shape turns the direction.
   */
  private static Vector3 front(LabelVolume labels, Vertebra one, Vector3 body) {
    Vector3 sum = new Vector3(0, 0, 0);
    int voxels = 0;
    for (int k = one.box.k0(); k < one.box.k1(); k++) {
      for (int j = one.box.j0(); j < one.box.j1(); j++) {
        for (int i = one.box.i0(); i < one.box.i1(); i++) {
          if (labels.get(i, j, k) == one.label) {
            Vector3 offset = labels.geometry().toWorldMm(new Vector3(i, j, k)).minus(body);
            if (offset.dot(LevelFrame.FRONT) < -ARCH_MM) {
              sum = sum.plus(offset);
              voxels++;
            }
          }
        }
      }
    }
    return voxels < FEWEST_OF_ARCH ? LevelFrame.FRONT : sum.times(-1.0 / voxels);
  }

  private static boolean isMeasured(ShapeQuality quality) {
    return quality.compareTo(ShapeQuality.FEW_POINTS) < 0;
  }

  private Optional<VertebralBody> measured(VertebraLevel level) {
    return Optional.ofNullable(bodies.get(level)).filter(body -> isMeasured(body.quality()));
  }

  private VertebralShape shapeOf(Vertebra one) {
    return measured(one.level)
        .map(body -> shapeOf(one.level, body))
        .orElseGet(() -> VertebralShape.builder(unmeasured(one)).build());
  }

  private VertebralShape shapeOf(VertebraLevel level, VertebralBody body) {
    double neighbours =
        Stream.of(above(level, bodies.keySet()), below(level, bodies.keySet()))
            .flatMap(Optional::stream)
            .flatMap(neighbour -> measured(neighbour).stream())
            .mapToDouble(VertebralBody::posteriorMm)
            .average()
            .orElse(body.posteriorMm());
    double least =
        Math.min(
            Math.min(body.anteriorMm() / body.posteriorMm(), body.middleMm() / body.posteriorMm()),
            body.posteriorMm() / neighbours);
    return VertebralShape.builder(body.quality())
        .heightsMm(body.anteriorMm(), body.middleMm(), body.posteriorMm())
        .depthMm(body.depthMm())
        .wedgeDegrees(body.wedgeDegrees())
        .deformityPercent(100 * (1 - Math.min(1, least)))
        .endplates(edges(body.superior()), edges(body.inferior()))
        .build();
  }

  private static VertebralShape.Endplate edges(Endplate plate) {
    return new VertebralShape.Endplate(plate.anteriorEdge(), plate.posteriorEdge());
  }

  /** Returns the form of a vertebra; {@code NOT_AVAILABLE} when it is not in the labels. */
  public VertebralShape shape(VertebraLevel level) {
    return shapes.getOrDefault(level, VertebralShape.builder(ShapeQuality.NOT_AVAILABLE).build());
  }

  /** Returns the spaces between neighbours that are both in the labels, cranial first. */
  public List<DiscSpaceMeasurement> discSpaces() {
    List<DiscSpaceMeasurement> spaces = new ArrayList<>();
    for (VertebraLevel level : shapes.keySet()) {
      below(level, shapes.keySet()).ifPresent(below -> spaces.add(discSpace(level, below)));
    }
    lowest().ifPresent(level -> sacrum.ifPresent(floor -> spaces.add(spaceOnSacrum(level, floor))));
    return spaces;
  }

  private DiscSpaceMeasurement discSpace(VertebraLevel above, VertebraLevel below) {
    VertebralBody upper = bodies.get(above);
    VertebralBody lower = bodies.get(below);
    if (upper == null || lower == null) {
      return DiscSpaceMeasurement.builder(
              above, shape(above).quality().worse(shape(below).quality()))
          .build();
    }
    ShapeQuality quality = upper.inferior().quality().worse(lower.superior().quality());
    if (!isMeasured(quality)) {
      return DiscSpaceMeasurement.builder(above, quality).build();
    }
    boolean deformed =
        Stream.of(above, below)
            .map(this::shape)
            .anyMatch(shape -> shape.deformityPercent().orElse(0) >= POOR_PERCENT);
    DiscSpace space = DiscSpace.of(upper.inferior(), lower.superior());
    return spaceOf(
            above,
            deformed ? quality.worse(ShapeQuality.POOR_REFERENCE) : quality,
            space,
            lower.superior())
        .heightIndex(2 * space.meanMm() / (upper.middleMm() + lower.middleMm()))
        .heightToDepthRatio(2 * space.meanMm() / (upper.depthMm() + lower.depthMm()))
        .build();
  }

  private static DiscSpaceMeasurement.Builder spaceOf(
      VertebraLevel above, ShapeQuality quality, DiscSpace space, Endplate floor) {
    return DiscSpaceMeasurement.builder(above, quality)
        .heightsMm(space.anteriorMm(), space.middleMm(), space.posteriorMm())
        .farfanIndex((space.anteriorMm() + space.posteriorMm()) / space.depthMm())
        .angleDegrees(space.angleDegrees())
        .slipMm(space.slipMm(), floor.depthMm())
        .floor(edges(floor));
  }

  /** Returns the lowest lumbar vertebra in the labels, below which only the sacrum can be. */
  private Optional<VertebraLevel> lowest() {
    return Stream.of(VertebraLevel.L6, VertebraLevel.L5).filter(shapes::containsKey).findFirst();
  }

  private DiscSpaceMeasurement spaceOnSacrum(VertebraLevel above, Endplate floor) {
    VertebralBody upper = bodies.get(above);
    ShapeQuality quality = shape(above).quality().worse(floor.quality());
    if (upper == null || !isMeasured(upper.inferior().quality().worse(floor.quality()))) {
      return DiscSpaceMeasurement.builder(above, quality).build();
    }
    DiscSpace space = DiscSpace.of(upper.inferior(), floor);
    return spaceOf(above, upper.inferior().quality().worse(floor.quality()), space, floor)
        .heightIndex(space.meanMm() / upper.middleMm())
        .heightToDepthRatio(space.meanMm() / space.depthMm())
        .build();
  }

  /**
   * Returns the angle between the upper endplate of L1 and that of the sacrum, or the lower one of
   * L5 where no sacrum is labelled; empty when one of them is not measured.
   */
  public Optional<LordosisMeasurement> lordosis() {
    VertebralBody first = bodies.get(VertebraLevel.L1);
    Optional<VertebraLevel> lowest = lowest();
    if (first == null || lowest.isEmpty()) {
      return Optional.empty();
    }
    VertebralBody last = bodies.get(lowest.get());
    boolean toSacrum = sacrum.isPresent() && isMeasured(sacrum.get().quality());
    if (!toSacrum && last == null) {
      return Optional.empty();
    }
    Endplate base = toSacrum ? sacrum.get() : Objects.requireNonNull(last).inferior();
    Vector3 at = last == null ? base.centre() : last.frame().centre();
    ShapeQuality quality = first.superior().quality().worse(base.quality());
    LevelFrame patient = LevelFrame.of(at, UP, LevelFrame.FRONT);
    return isMeasured(quality)
        ? Optional.of(
            new LordosisMeasurement(
                VertebraLevel.L1,
                lowest.get(),
                toSacrum,
                first.superior().tiltDegrees(patient) - base.tiltDegrees(patient),
                quality))
        : Optional.empty();
  }

  /** Returns the upper endplate of the sacrum, whatever its quality; empty without a sacrum. */
  public Optional<VertebralShape.Endplate> sacralEndplate() {
    return sacrum.map(SpineForm::edges);
  }
}
