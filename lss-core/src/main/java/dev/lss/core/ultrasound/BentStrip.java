package dev.lss.core.ultrasound;

import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.BitSet;
import java.util.Optional;

/**
 * A panorama (extended field of view): the tissue is a long strip of constant width on black, bent
 * as the probe went over the skin, so that the beam ran across the strip and not straight down.
 *
 * <p>The strip is what is not black (all grey values of a block at most 4), holes filled, without
 * small pieces. It counts as one when black takes a fifth of the picture or more, when it is at
 * least twice as long as wide (area over the square of twice the largest depth), when its depth is
 * that of a strip (the mean is a half of the largest one; in an ellipse a third, and the bound is
 * 0.425), and when the direction across it is within about 37 degrees of upright on average. That
 * direction is the one in which the depth below the border changes, averaged over a neighbourhood
 * as wide as the strip. Immutable by convention.
 */
final class BentStrip {

  private static final float BLACK = 4;
  private static final double LARGEST_SHARE = 0.8;
  private static final double SHORTEST = 2;
  private static final double LEAST_MEAN_DEPTH = 0.425;
  private static final double LEAST_UPRIGHT = 0.8;

  /** Blocks nearer to the border, in blocks, are left out: they hold the edge to black. */
  private static final double RIM = 2;

  private final int side;
  private final int width;
  private final double[] depth;
  private final double[] across;
  private final double[] down;

  private BentStrip(int side, int width, double[] depth) {
    this.side = side;
    this.width = width;
    this.depth = depth;
    across = new double[depth.length];
    down = new double[depth.length];
  }

  /** Returns the strip of a picture, or empty when what it shows is none. */
  static Optional<BentStrip> of(Volume plane, TissueBlocks blocks) {
    BitSet shape = blocks.solid(notBlack(plane, blocks));
    int area = shape.cardinality();
    if (area == 0 || area > LARGEST_SHARE * blocks.across() * blocks.down()) {
      return Optional.empty();
    }
    int width = blocks.across() + 2; // a rim of one block outside
    double[] depth = depths(shape, blocks, width);
    double largest = 0;
    double sum = 0;
    for (double d : depth) {
      largest = Math.max(largest, d);
      sum += d;
    }
    if (area < SHORTEST * 4 * largest * largest || sum < LEAST_MEAN_DEPTH * area * largest) {
      return Optional.empty();
    }
    BentStrip strip = new BentStrip(blocks.side(), width, depth);
    return strip.findDirections((int) Math.ceil(largest)) >= LEAST_UPRIGHT
        ? Optional.of(strip)
        : Optional.empty();
  }

  private static BitSet notBlack(Volume plane, TissueBlocks blocks) {
    float[] samples = VoxelArrays.samples(plane);
    int columns = plane.extents().i();
    BitSet set = new BitSet();
    for (int n = 0; n < samples.length; n++) {
      if (samples[n] > BLACK) {
        set.set(n / columns / blocks.side() * blocks.across() + n % columns / blocks.side());
      }
    }
    return set;
  }

  /** Returns the distance of each block from the outside, in blocks; the border is outside. */
  private static double[] depths(BitSet shape, TissueBlocks blocks, int width) {
    int height = blocks.down() + 2;
    double[] depth =
        DistanceTransform.squaredMm2(
            new Extents(width, height, 1),
            new Vector3(1, 1, 1),
            n -> {
              int x = n % width - 1;
              int y = n / width - 1;
              return x < 0
                  || y < 0
                  || x >= blocks.across()
                  || y >= blocks.down()
                  || !shape.get(y * blocks.across() + x);
            });
    for (int n = 0; n < depth.length; n++) {
      depth[n] = Math.sqrt(depth[n]);
    }
    return depth;
  }

  /** Sets the direction of every block and returns how upright they are on average, 0 to 1. */
  private double findDirections(int reach) {
    int height = depth.length / width;
    double[] xx = new double[depth.length];
    double[] xy = new double[depth.length];
    double[] yy = new double[depth.length];
    for (int n = 0; n < depth.length; n++) {
      if (depth[n] > 0) { // so it is not in the rim, and has four neighbours
        double x = depth[n + 1] - depth[n - 1];
        double y = depth[n + width] - depth[n - width];
        xx[n] = x * x;
        xy[n] = x * y;
        yy[n] = y * y;
      }
    }
    double upright = 0;
    int count = 0;
    for (int n = 0; n < depth.length; n++) {
      if (depth[n] < RIM) {
        continue;
      }
      double sumXx = 0;
      double sumXy = 0;
      double sumYy = 0;
      int last = Math.min(width - 1, n % width + reach);
      for (int j = Math.max(0, n / width - reach);
          j <= Math.min(height - 1, n / width + reach);
          j++) {
        for (int i = Math.max(0, n % width - reach); i <= last; i++) {
          sumXx += xx[j * width + i];
          sumXy += xy[j * width + i];
          sumYy += yy[j * width + i];
        }
      }
      double angle = 0.5 * Math.atan2(2 * sumXy, sumXx - sumYy);
      across[n] = Math.cos(angle);
      down[n] = Math.sin(angle);
      upright += Math.abs(down[n]);
      count++;
    }
    return count == 0 ? 0 : upright / count;
  }

  /**
   * Returns the mean absolute difference of grey values so many pixels apart across the strip,
   * which is along the beam, over that along the strip; of tissue above a grey value, between
   * pixels linearly. 0 when nothing differs across it.
   */
  double directionality(Volume plane, int lag, float dark) {
    float[] samples = VoxelArrays.samples(plane);
    int columns = plane.extents().i();
    int rows = plane.extents().j();
    double beam = 0;
    double side = 0;
    for (int j = lag; j < rows - lag; j++) {
      for (int i = lag; i < columns - lag; i++) {
        int block = (j / this.side + 1) * width + i / this.side + 1;
        float here = samples[j * columns + i];
        if (here > dark && depth[block] >= RIM) {
          double x = lag * across[block];
          double y = lag * down[block];
          beam += Math.abs(here - at(samples, plane.extents(), i - x, j - y));
          side += Math.abs(here - at(samples, plane.extents(), i - y, j + x));
        }
      }
    }
    return beam == 0 ? 0 : beam / side;
  }

  private static double at(float[] samples, Extents extents, double x, double y) {
    int i = Math.min((int) x, Math.max(0, extents.i() - 2));
    int j = Math.min((int) y, Math.max(0, extents.j() - 2));
    double u = x - i;
    double v = y - j;
    int n = j * extents.i() + i;
    int below = n + extents.i();
    return (1 - v) * ((1 - u) * samples[n] + u * samples[n + 1])
        + v * ((1 - u) * samples[below] + u * samples[below + 1]);
  }
}
