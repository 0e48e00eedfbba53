package dev.lss.fuzz;

import dev.lss.core.nifti.Nifti;
import java.nio.file.Path;

/** NIfTI, plain and gzip. */
public final class NiftiFuzzer {

  private NiftiFuzzer() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    Path file = Fuzzing.file("x.nii.gz", data);
    Fuzzing.check(() -> Nifti.read(file));
    Fuzzing.check(() -> Nifti.readLabels(file));
    Fuzzing.check(() -> Nifti.read(file, 1));
  }
}
