package dev.lss.core.measure;

import dev.lss.api.Notice;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.Vector3;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Tells vertebrae that contradict the directions that the header gives: arches that do not lie
 * behind their bodies, or lower levels above upper ones.
 *
 * <p>The centroid of a whole vertebra lies 6 to 17 mm behind the centre of its body, because arch
 * and processes are there; on 28 real vertebrae the direction from one to the other was at most 25
 * degrees off straight back. A vertebra speaks when the two are at least 3 mm apart, which bodies
 * without an arch are not. It speaks against the header when the direction is more than 60 degrees
 * off, which leaves room for scoliosis. Neighbouring levels speak by the heights of their
 * centroids. The notice is given when more than half of those that speak do so against the header.
 * Left and right cannot be told apart.
 */
public final class OrientationDoubt {

  private static final double LEAST_MM = 3;

  /** Cosine of 60 degrees. */
  private static final double BACKWARDS = 0.5;

  private OrientationDoubt() {}

  /**
   * A vertebra.
   *
   * @param level which one
   * @param centroidMm centroid of all of it, LPS mm
   * @param bodyMm centre of its body, LPS mm; empty where that is not in view
   */
  public record Seen(VertebraLevel level, Vector3 centroidMm, Optional<Vector3> bodyMm) {

    /** Returns where the arch lies as seen from the body; empty where that cannot be told. */
    private Optional<Vector3> arch() {
      return bodyMm.map(centroidMm::minus).filter(way -> way.norm() >= LEAST_MM);
    }
  }

  /** Returns the notice {@code ORIENTATION_DOUBTFUL}, or empty; cranial vertebrae come first. */
  public static Optional<Notice> of(List<Seen> vertebrae) {
    List<String> seen = new ArrayList<>();
    List<Vector3> arches = vertebrae.stream().flatMap(one -> one.arch().stream()).toList();
    List<Vector3> wrong = arches.stream().filter(way -> way.y() <= BACKWARDS * way.norm()).toList();
    if (2 * wrong.size() > arches.size()) {
      Vector3 sum = wrong.stream().reduce(Vector3::plus).orElseThrow();
      seen.add(
          "arches lie %s bodies and not behind them, in %s of %s vertebrae"
              .formatted(where(sum), wrong.size(), arches.size()));
    }
    int pairs = vertebrae.size() - 1;
    int upsideDown = 0;
    for (int n = 0; n < pairs; n++) {
      if (vertebrae.get(n + 1).centroidMm().z() >= vertebrae.get(n).centroidMm().z()) {
        upsideDown++;
      }
    }
    if (2 * upsideDown > pairs && pairs > 0) {
      seen.add(
          String.format(
              Locale.ROOT,
              "%s lies above %s, upside down",
              vertebrae.get(pairs).level(),
              vertebrae.get(0).level()));
    }
    return seen.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Notice(
                "ORIENTATION_DOUBTFUL",
                "the vertebrae contradict the directions in the header: "
                    + String.join("; ", seen)));
  }

  /** Names the patient axis nearest to a way. */
  private static String where(Vector3 way) {
    double x = Math.abs(way.x());
    double y = Math.abs(way.y());
    double z = Math.abs(way.z());
    if (y >= x && y >= z) {
      return way.y() < 0 ? "in front of" : "obliquely behind";
    }
    if (x >= z) {
      return way.x() > 0 ? "on the left of" : "on the right of";
    }
    return way.z() > 0 ? "above" : "below";
  }
}
