package dev.lss.bench;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import java.util.SplittableRandom;

/** A made-up B-mode image to be segmented: two bright bands in speckle that is wide and flat. */
public final class LayeredPicture {

  private static final int COLUMNS = 640;
  private static final int ROWS = 512;
  private static final double PIXEL_MM = 0.08;
  private static final int SPECKLE_COLUMNS = 4;

  private LayeredPicture() {}

  /** Makes the picture, grey values from 0 to 255; the same bits each time. */
  public static Volume draw() {
    SplittableRandom random = new SplittableRandom(1);
    float[] grey = new float[COLUMNS * ROWS];
    for (int j = 0; j < ROWS; j++) {
      float speckle = 0;
      for (int i = 0; i < COLUMNS; i++) {
        speckle = i % SPECKLE_COLUMNS == 0 ? random.nextInt(60) : speckle;
        grey[j * COLUMNS + i] = (isBright(i, j) ? 180 : 40) + speckle;
      }
    }
    return Volume.wrap(GridGeometry.imagePlane(COLUMNS, ROWS, PIXEL_MM, PIXEL_MM), grey);
  }

  private static boolean isBright(int i, int j) {
    int below = j - i / 10;
    return (below >= 80 && below < 95) || (below >= 240 && below < 265);
  }
}
