package dev.lss.examples.backends;

import dev.lss.api.BackendException;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Series;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.nnunet.NnUnetModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Segments the same small image with a tiny network again and again, in a process of its own, and
 * prints which backend ran and how much memory the process held after each time.
 */
final class TinyRun {

  /** A results folder of nnU-Net with a network of a few thousand weights. */
  static final Path MODEL =
      Path.of("..", "lss-core", "src", "test", "resources", "nnunet", "residual_3d")
          .resolve("nnUNetTrainer__nnUNetPlans__3d_fullres");

  /** Stands for the first backend that is available. */
  static final String ANY = "any";

  /** Opens and closes the segmenter for each segmentation. */
  static final String REOPEN = "reopen";

  private TinyRun() {}

  public static void main(String[] args) throws IOException {
    NnUnetModel model = NnUnetModel.read(MODEL);
    RuntimeOptions.Builder options = RuntimeOptions.builder().threads(1);
    if (!args[0].equals(ANY)) {
      options.backend(args[0]);
    }
    SeriesRole role = model.description().lastStage().roles().get(0);
    LumbarStudy study = LumbarStudy.of(Series.of(role, image()));
    boolean reopen = args.length > 2 && args[2].equals(REOPEN);
    int count = Integer.parseInt(args[1]);
    try {
      for (int round = 0; round < (reopen ? count : 1); round++) {
        run(model, options.build(), study, reopen ? 1 : count, round == 0);
      }
    } catch (BackendException e) {
      System.out.println("refused " + e.code() + " " + e.getMessage());
    }
    System.out.flush();
    System.exit(0);
  }

  private static void run(
      NnUnetModel model, RuntimeOptions options, LumbarStudy study, int count, boolean first)
      throws IOException {
    try (LumbarSegmenter segmenter = Segmenters.forModel(model).options(options).build()) {
      for (int n = 0; n < count; n++) {
        SegmentationResult result = segmenter.segment(study);
        if (first && n == 0) {
          System.out.println("backend " + result.provenance().backend().orElseThrow().id());
        }
        System.gc(); // direct buffers are freed with their Java objects
        System.out.println("resident " + residentKib());
      }
    }
  }

  private static Volume image() {
    Extents extents = new Extents(28, 24, 14);
    float[] samples = new float[extents.voxels()];
    Random random = new Random(1);
    for (int n = 0; n < samples.length; n++) {
      samples[n] = (float) (300 * random.nextGaussian());
    }
    return Volume.wrap(GridGeometry.ofSpacing(extents, new Vector3(1.2, 1.1, 2.5)), samples);
  }

  /** Returns what Linux counts as resident; -1 on other systems. */
  private static long residentKib() throws IOException {
    Path status = Path.of("/proc/self/status");
    return !Files.exists(status)
        ? -1
        : Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst()
            .orElseThrow();
  }
}
