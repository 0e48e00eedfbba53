package dev.lss.fuzz;

import dev.lss.core.volume.VolumeFiles;
import java.nio.file.Path;

/** NRRD, MetaImage, and whatever else is given for a volume. */
public final class VolumeFuzzer {

  private VolumeFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x", data);
    Fuzzing.check(() -> VolumeFiles.read(file));
    Fuzzing.check(() -> VolumeFiles.readLabels(file));
  }
}
