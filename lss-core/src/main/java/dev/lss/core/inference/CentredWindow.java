package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageWindow;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.VoxelArrays;
import java.util.Optional;

/**
 * Runs a network once on a patch around a point, with a Gaussian prior in the middle of the patch
 * as last input channel that says which object is meant. One pair of tensors is reused for all
 * points. Not thread-safe; one per run.
 */
public final class CentredWindow {

  /**
   * The logits of one patch.
   *
   * @param box the patch among the voxels of the image; it may reach outside
   * @param logits one value per voxel of the patch
   */
  public record Patch(IndexBox box, Volume logits) {

    /**
     * Returns the mean position, as continuous voxel index of the image, of the voxels inside the
     * image whose logit is above 0; empty when there is none.
     */
    public Optional<Vector3> centroidOfPositive(Extents image) {
      Extents patch = logits.extents();
      float[] samples = VoxelArrays.samples(logits);
      double si = 0;
      double sj = 0;
      double sk = 0;
      long count = 0;
      IndexBox inside = box.intersect(image);
      for (int k = inside.k0(); k < inside.k1(); k++) {
        for (int j = inside.j0(); j < inside.j1(); j++) {
          int row = patch.offset(-box.i0(), j - box.j0(), k - box.k0());
          for (int i = inside.i0(); i < inside.i1(); i++) {
            if (samples[row + i] > 0) {
              si += i;
              sj += j;
              sk += k;
              count++;
            }
          }
        }
      }
      return count == 0
          ? Optional.empty()
          : Optional.of(new Vector3(si / count, sj / count, sk / count));
    }
  }

  private final InferenceSession session;
  private final Extents patch;
  private final float outside;
  private final FloatTensor in;
  private final FloatTensor out;

  /**
   * Prepares to run a session, which stays the caller's.
   *
   * @param session the network
   * @param stage a stage of one image channel and a window around a point
   * @param prior the Gaussian prior that {@link #prior} gives for the stage
   */
  public CentredWindow(InferenceSession session, Stage stage, float[] prior) {
    this.session = session;
    this.patch = Tiling.patch(stage.window());
    this.outside = stage.inputs().get(0).normalization().paddingValue();
    if (stage.inputs().size() != 1 || stage.output().channels() != 1) {
      throw new IllegalArgumentException(
          stage.name() + " must take one image channel and give one output channel");
    }
    in = FloatTensor.allocate(Tile.shape(2, patch));
    out = FloatTensor.allocate(Tile.shape(1, patch));
    Tile.channel(in, 1, patch).put(prior);
  }

  /**
   * Returns the Gaussian prior of a window, one value per voxel of the patch: 1 in the middle,
   * between the two middle voxels where their number is even.
   *
   * @param window the window
   * @param spacingMm voxel size of the network's grid along i, j, k
   */
  public static float[] prior(StageWindow.AroundPoint window, Vector3 spacingMm) {
    Extents patch = Tiling.patch(window);
    float[] prior = new float[patch.voxels()];
    double[][] squares = new double[3][];
    for (int axis = 0; axis < 3; axis++) {
      double step = spacingMm.get(axis) / window.priorSigmaMm();
      squares[axis] = new double[patch.get(axis)];
      for (int n = 0; n < squares[axis].length; n++) {
        double away = (n - (squares[axis].length - 1) / 2.0) * step;
        squares[axis][n] = away * away;
      }
    }
    for (int k = 0; k < patch.k(); k++) {
      for (int j = 0; j < patch.j(); j++) {
        for (int i = 0; i < patch.i(); i++) {
          double square = squares[0][i] + squares[1][j] + squares[2][k];
          prior[patch.offset(i, j, k)] = (float) Math.exp(-0.5 * square);
        }
      }
    }
    return prior;
  }

  /**
   * Runs the network around a point.
   *
   * @param image the normalised image on the network's grid
   * @param centre continuous voxel index of the point; the patch is laid so that its middle is at
   *     most half a voxel away
   * @param cancellation looked at all the time
   * @throws dev.lss.api.CancelledException when cancelled
   */
  public Patch run(Volume image, Vector3 centre, CancellationToken cancellation) {
    int i = start(centre.x(), patch.i());
    int j = start(centre.y(), patch.j());
    int k = start(centre.z(), patch.k());
    IndexBox box = new IndexBox(i, j, k, i + patch.i(), j + patch.j(), k + patch.k());
    Tile.cut(image, box, outside, in, 0);
    session.run(in, out, cancellation);
    GridGeometry grid = image.geometry();
    return new Patch(box, Tile.read(out, 0, GridGeometry.ofSpacing(patch, grid.spacingMm())));
  }

  private static int start(double centre, int size) {
    return (int) Math.rint(centre - (size - 1) / 2.0);
  }
}
