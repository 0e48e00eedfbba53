package dev.lss.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Tasks;
import dev.lss.api.image.Volume;
import dev.lss.bench.PhantomSize;
import dev.lss.core.Segmenters;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All three runtimes in one process: none disturbs another, and all give the same labels. */
class BackendsTogetherIT {

  private static final List<String> IDS = List.of("onnx", "djl", "tf");
  private static final Pattern LINE =
      Pattern.compile("(\\w+): off by (\\S+) from itself, by (\\S+) from \\w+");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "onnx djl tf",
        "onnx tf djl",
        "djl onnx tf",
        "djl tf onnx",
        "tf onnx djl",
        "tf djl onnx"
      })
  void in_any_load_order_and_at_once_each_gives_the_bits_that_it_gives_alone(String order)
      throws Exception {
    String[] ids = order.split(" ");

    List<String> lines =
        TestJvm.run(folder, AllAtOnce.class, TestJvm.whole(), List.of(TestJvm.cache()), ids)
            .out()
            .lines()
            .filter(line -> LINE.matcher(line).matches())
            .toList();

    assertThat(lines).hasSize(3);
    for (int n = 0; n < ids.length; n++) {
      Matcher line = LINE.matcher(lines.get(n));
      assertThat(line.matches()).isTrue();
      assertThat(line.group(1)).isEqualTo(ids[n]);
      assertThat(Double.parseDouble(line.group(2))).as(ids[n] + " alone and at once").isZero();
      assertThat(Double.parseDouble(line.group(3))).as(ids[n] + " and " + ids[0]).isLessThan(1e-3);
    }
  }

  @Test
  void on_a_phantom_all_give_the_same_labels_one_after_the_other_and_at_once() throws Exception {
    assertSameLabels(PhantomSize.SMALL.ct());
  }

  @Test
  void on_a_real_ct_all_give_the_same_labels_one_after_the_other_and_at_once() throws Exception {
    assertSameLabels(Nifti.read(RealData.path("ct/l3_crop/ct.nii.gz")).volume());
  }

  private static void assertSameLabels(Volume ct) throws Exception {
    LumbarStudy study = LumbarStudy.ofCt(ct);
    List<LumbarSegmenter> segmenters = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(IDS.size());
    try {
      List<short[]> alone = new ArrayList<>();
      for (String id : IDS) {
        LumbarSegmenter segmenter =
            Segmenters.forTask(Tasks.CT_VERTEBRAE)
                .options(RuntimeOptions.builder().backend(id).threads(2).build())
                .build();
        segmenters.add(segmenter);
        alone.add(labels(segmenter, study));
      }
      List<Future<short[]>> atOnce = new ArrayList<>();
      for (LumbarSegmenter segmenter : segmenters) {
        atOnce.add(threads.submit(() -> labels(segmenter, study)));
      }
      for (int n = 0; n < IDS.size(); n++) {
        assertThat(atOnce.get(n).get()).as(IDS.get(n)).isEqualTo(alone.get(n));
        assertAgree(IDS.get(n), alone.get(n), alone.get(0));
      }
    } finally {
      threads.shutdown();
      segmenters.forEach(LumbarSegmenter::close);
    }
  }

  private static short[] labels(LumbarSegmenter segmenter, LumbarStudy study) throws IOException {
    return VoxelArrays.labels(segmenter.segment(study).labels());
  }

  private static void assertAgree(String id, short[] labels, short[] reference) {
    long marked = 0;
    long differ = 0;
    for (int n = 0; n < labels.length; n++) {
      marked += reference[n] != 0 ? 1 : 0;
      differ += labels[n] != reference[n] ? 1 : 0;
    }
    System.out.printf(
        "%s: %d of %d voxels differ, %d are marked%n", id, differ, labels.length, marked);
    assertThat(marked).isPositive();
    assertThat(1 - (double) differ / labels.length)
        .as("%s: %d of %d voxels differ", id, differ, labels.length)
        .isGreaterThanOrEqualTo(0.99999);
  }
}
