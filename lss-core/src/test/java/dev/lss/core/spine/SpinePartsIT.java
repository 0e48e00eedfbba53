package dev.lss.core.spine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.core.spine.RealSpines.Spine;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Real spines whose vertebrae were labelled one by one, merged into classes and parted again:
 * bodies and arches must come back to the vertebra that they were of.
 */
class SpinePartsIT {

  /** Voxels of bodies and arches, and how many of them came back. */
  private static final class Score {
    private long bodies;
    private long bodiesBack;
    private long arches;
    private long archesBack;

    void add(Spine spine) {
      short[] truth = VoxelArrays.labels(spine.vertebrae());
      short[] classes = VoxelArrays.labels(spine.classes());
      short[] parts = VoxelArrays.labels(SpineParts.of(spine.classes()).parts());
      int[] match = matches(truth, classes, parts);
      for (int n = 0; n < truth.length; n++) {
        boolean back = match[truth[n]] > 0 && parts[n] == match[truth[n]];
        if (truth[n] > 0 && classes[n] == Tissue.BODY) {
          bodies++;
          bodiesBack += back ? 1 : 0;
        } else if (truth[n] > 0 && classes[n] == Tissue.ARCH && match[truth[n]] > 0) {
          arches++;
          archesBack += back ? 1 : 0;
        }
      }
    }

    /** Of each vertebra the part that most of its body became. */
    private static int[] matches(short[] truth, short[] classes, short[] parts) {
      int[][] count = new int[64][64];
      for (int n = 0; n < truth.length; n++) {
        if (classes[n] == Tissue.BODY && parts[n] < SpineParts.CANAL) {
          count[truth[n]][parts[n]]++;
        }
      }
      int[] match = new int[64];
      for (int t = 1; t < match.length; t++) {
        for (int p = 1; p < SpineParts.CANAL; p++) {
          match[t] = count[t][p] > count[t][match[t]] ? p : match[t];
        }
      }
      return match;
    }

    double body() {
      return (double) bodiesBack / bodies;
    }

    double arch() {
      return (double) archesBack / arches;
    }
  }

  private static Path data() {
    return Path.of(System.getProperty("lss.data"));
  }

  @Test
  void whole_spines_of_ct_come_back_vertebra_by_vertebra() throws IOException {
    Score score = new Score();
    RealSpines.ct(data()).forEach(score::add);

    assertThat(score.body()).isGreaterThan(0.975);
    assertThat(score.arch()).isGreaterThan(0.92);
  }

  @Test
  void volumes_of_thick_slices_come_back() throws IOException {
    Score score = new Score();
    RealSpines.thickVolumes(data()).forEach(score::add);

    assertThat(score.body()).isGreaterThan(0.999);
    assertThat(score.arch()).isGreaterThan(0.93);
  }

  @Test
  void single_slices_come_back() throws IOException {
    Score score = new Score();
    List<Spine> slices = new ArrayList<>(RealSpines.slices(data()));
    slices.forEach(score::add);

    assertThat(slices).hasSizeGreaterThan(17);
    assertThat(score.body()).isGreaterThan(0.99);
    assertThat(score.arch()).isGreaterThan(0.96);
  }
}
