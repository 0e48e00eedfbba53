package dev.lss.metrics;

import dev.lss.api.CancelledException;
import dev.lss.api.InvalidStudyException;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How far apart the surfaces of two label maps of one image lie, label by label. Immutable.
 *
 * <p>A label's surface is looked for in the smallest box around it in both maps; beyond the image
 * everything is background, so a structure that is cut off has a surface there. A grid of which one
 * axis has a single voxel is an image of two dimensions. Points and their distances are exact; sums
 * run in order of distance, so that no figure depends on the number of threads.
 *
 * @param byLabel the distances of each label that was judged, in ascending order of label
 */
public record LabelSurfaces(SortedMap<Integer, SurfaceDistances> byLabel) {

  private static final double ORTHOGONAL_DEGREES = Math.toDegrees(1e-4);

  /** Copies the map. */
  public LabelSurfaces {
    byLabel = Collections.unmodifiableSortedMap(new TreeMap<>(byLabel));
  }

  /**
   * Compares two label maps on these labels.
   *
   * @param labels the labels to judge, each 1 to 65535; one that is in neither map is judged by the
   *     policy
   * @throws InvalidStudyException {@code GRID_MISMATCH} when the grids differ, with both in the
   *     message; {@code SHEARED_GRID} when the axes are not at right angles to 1e-4; {@code
   *     UNCALIBRATED} when the grid has no millimetre scale
   * @throws CancelledException when the calling thread is interrupted
   */
  public static LabelSurfaces of(
      LabelVolume reference,
      LabelVolume prediction,
      Collection<Integer> labels,
      SurfaceOptions options) {
    SameGrid.require(reference.geometry(), prediction.geometry());
    requireMillimetres(reference.geometry());
    LabelValues.require(labels);
    LabelBoxes boxes = new LabelBoxes(reference, prediction);
    SortedMap<Integer, Future<SurfaceDistances>> running = new TreeMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(options.threads(), LabelSurfaces::daemon);
    try {
      for (int label : labels) {
        Callable<SurfaceDistances> work =
            () -> compare(reference, prediction, label, boxes.of(label), options);
        running.put(label, pool.submit(work));
      }
      SortedMap<Integer, SurfaceDistances> byLabel = new TreeMap<>();
      for (var entry : running.entrySet()) {
        byLabel.put(entry.getKey(), entry.getValue().get());
      }
      return new LabelSurfaces(byLabel);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("INTERRUPTED", "the comparison was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error; // not enough memory
      }
      throw new IllegalStateException("a label could not be compared", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "lss-metrics");
    thread.setDaemon(true);
    return thread;
  }

  private static SurfaceDistances compare(
      LabelVolume reference,
      LabelVolume prediction,
      int label,
      Optional<IndexBox> box,
      SurfaceOptions options) {
    SurfaceConvention convention = options.convention();
    if (box.isEmpty()) {
      DirectedDistances none = DirectedDistances.of(new double[0], new double[0], convention);
      return new SurfaceDistances(none, none, convention, options.emptyPolicy());
    }
    int[] axes = Plane.axes(reference.extents());
    Surface r = Surface.of(reference, label, box.get(), convention, axes);
    Surface p = Surface.of(prediction, label, box.get(), convention, axes);
    var spacing = reference.geometry().spacingMm();
    return new SurfaceDistances(
        r.distancesTo(p, spacing, convention),
        p.distancesTo(r, spacing, convention),
        convention,
        options.emptyPolicy());
  }

  private static void requireMillimetres(GridGeometry grid) {
    if (!grid.calibrated()) {
      throw new InvalidStudyException(
          "UNCALIBRATED",
          "distances need millimetres, and the grid of %s has no scale; compare overlap alone"
              .formatted(grid.extents()));
    }
    double shear = grid.affine().shearDegrees();
    if (shear > ORTHOGONAL_DEGREES) {
      throw new InvalidStudyException(
          "SHEARED_GRID",
          String.format(
              Locale.ROOT,
              "surfaces need axes at right angles (to %.4f degrees), but these are %.4f degrees off;"
                  + " resample both maps, or compare overlap alone",
              ORTHOGONAL_DEGREES,
              shear));
    }
  }

  /**
   * Returns the distances of one label.
   *
   * @throws IllegalArgumentException when the label was not judged
   */
  public SurfaceDistances of(int label) {
    SurfaceDistances distances = byLabel.get(label);
    if (distances == null) {
      throw new IllegalArgumentException(
          "label %s was not judged; judged: %s".formatted(label, byLabel.keySet()));
    }
    return distances;
  }
}
