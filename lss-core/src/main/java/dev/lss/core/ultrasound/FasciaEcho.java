package dev.lss.core.ultrasound;

import dev.lss.api.FasciaMeasurement.Echo;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.spi.VoxelArrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How bright a layer and the muscle below it are. The muscle is the band from 2 to 10 mm straight
 * below the lowest pixel of the layer in each column, inside the image region and outside of every
 * layer.
 */
final class FasciaEcho {

  private static final double FROM_MM = 2;
  private static final double TO_MM = 10;
  private static final int FEWEST_PIXELS = 200;
  private static final double DARKEST_MEAN = 1;
  private static final float SATURATED = 250;

  private FasciaEcho() {}

  static Echo of(
      FasciaLayer layer,
      BitSet fascia,
      Volume image,
      Optional<ImageRegion> region,
      FasciaScale scale) {
    float[] samples = VoxelArrays.samples(image);
    Extents extents = image.extents();
    double sum = 0;
    long count = 0;
    long saturated = 0;
    int[] lowest = new int[extents.i()];
    for (FasciaFragment fragment : layer.fragments()) {
      BitSet pixels = fragment.mask().pixels();
      for (int p = pixels.nextSetBit(0); p >= 0; p = pixels.nextSetBit(p + 1)) {
        sum += samples[p];
        count++;
        saturated += samples[p] >= SATURATED ? 1 : 0;
        lowest[p % extents.i()] = Math.max(lowest[p % extents.i()], p / extents.i() + 1);
      }
    }
    double rowSize = image.geometry().spacingMm().y();
    int from = (int) Math.ceil(scale.of(FROM_MM) / rowSize);
    int to = (int) Math.floor(scale.of(TO_MM) / rowSize);
    double below = 0;
    long belowCount = 0;
    for (int column = 0; column < extents.i(); column++) {
      if (lowest[column] == 0) {
        continue;
      }
      int last = Math.min(extents.j() - 1, lowest[column] - 1 + to);
      for (int row = lowest[column] - 1 + from; row <= last; row++) {
        int pixel = row * extents.i() + column;
        if (!fascia.get(pixel) && (region.isEmpty() || region.get().isTissue(pixel))) {
          below += samples[pixel];
          belowCount++;
        }
      }
    }
    double muscle = below / belowCount;
    return new Echo(
        sum / count,
        belowCount >= FEWEST_PIXELS && muscle >= DARKEST_MEAN
            ? OptionalDouble.of(muscle)
            : OptionalDouble.empty(),
        (double) saturated / count);
  }
}
