package dev.lss.fuzz;

import dev.lss.core.raster.RasterClip;
import java.nio.file.Path;
import java.util.Optional;

/** PNG, JPEG and TIFF. */
public final class PictureFuzzer {

  private PictureFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.png", data);
    Fuzzing.check(
        () -> {
          try (RasterClip clip = RasterClip.open(file, Optional.empty())) {
            clip.frame(clip.size() - 1);
          }
        });
  }
}
