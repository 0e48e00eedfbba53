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

  private SpineForm(Map<VertebraLevel, VertebralBody> bodies, List<Vertebra> vertebrae) {
    this.bodies = bodies;
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
   * Measures vertebrae, with the threads of {@code slabs}, which take one at a time.
   *
   * @param labels vertebrae, whole or bodies alone; a volume, or a single sagittal slice
   * @param vertebrae which of them to measure; each level at most once
   */
  public static SpineForm of(LabelVolume labels, List<Vertebra> vertebrae, Slabs slabs) {
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
    return new SpineForm(bodies, vertebrae);
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
        .build();
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
    DiscSpace space = DiscSpace.of(upper, lower);
    double mean = (space.anteriorMm() + space.middleMm() + space.posteriorMm()) / 3;
    return DiscSpaceMeasurement.builder(
            above, deformed ? quality.worse(ShapeQuality.POOR_REFERENCE) : quality)
        .heightsMm(space.anteriorMm(), space.middleMm(), space.posteriorMm())
        .heightIndex(2 * mean / (upper.middleMm() + lower.middleMm()))
        .heightToDepthRatio(2 * mean / (upper.depthMm() + lower.depthMm()))
        .angleDegrees(space.angleDegrees())
        .slipMm(space.slipMm(), lower.superior().depthMm())
        .build();
  }

  /**
   * Returns the angle between the upper endplate of L1 and the lower one of L5; empty when one of
   * them is not measured.
   */
  public Optional<LordosisMeasurement> lordosis() {
    VertebralBody first = bodies.get(VertebraLevel.L1);
    VertebralBody last = bodies.get(VertebraLevel.L5);
    if (first == null || last == null) {
      return Optional.empty();
    }
    ShapeQuality quality = first.superior().quality().worse(last.inferior().quality());
    LevelFrame patient = LevelFrame.of(last.frame().centre(), UP, LevelFrame.FRONT);
    return isMeasured(quality)
        ? Optional.of(
            new LordosisMeasurement(
                VertebraLevel.L1,
                VertebraLevel.L5,
                first.superior().tiltDegrees(patient) - last.inferior().tiltDegrees(patient),
                quality))
        : Optional.empty();
  }
}
