package dev.lss.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.KnownLevel;
import dev.lss.api.LumbarSegmenter;
import dev.lss.api.LumbarStudy;
import dev.lss.api.Notice;
import dev.lss.api.SegmentationResult;
import dev.lss.api.Tasks;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.anatomy.VertebraLevel;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.image.Volume;
import dev.lss.core.Segmenters;
import dev.lss.core.image.Crop;
import dev.lss.core.image.Orient;
import dev.lss.core.inference.RuntimeOptions;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two real trunks cut to narrow fields of view about the spine: the levels are those of the uncut
 * image, or it is said that they may not be.
 */
class CtLevelsIT {

  /** What says that levels may be wrong. */
  private static final Set<String> DOUBTS =
      Set.of(
          "LEVELS_WITHOUT_ANCHOR",
          "LEVELS_AMBIGUOUS",
          "LEVEL_CONFLICT",
          "TRANSITIONAL_VERTEBRA",
          "NO_SURE_LUMBAR",
          "NOTHING_FOUND");

  /** Left-right and front-back, mm. */
  private static final double[][] FIELDS = {{160, 200}, {120, 186}, {80, 186}, {80, 120}};

  /** A cut of the trunk about five vertebrae reaches this far beyond their centroids, mm. */
  private static final double BEYOND_MM = 18;

  /** The upper sacrum is in view where an image reaches this far below L5's centroid, mm. */
  private static final double SACRUM_MM = 50;

  private static LumbarSegmenter segmenter;

  @BeforeAll
  static void open() throws IOException {
    segmenter =
        Segmenters.forTask(Tasks.CT_VERTEBRAE)
            .options(RuntimeOptions.builder().threads(2).build())
            .build();
  }

  @AfterAll
  static void close() {
    segmenter.close();
  }

  private record Cut(double[] field, double lowestMm, double highestMm) {}

  private static Volume ct(String name) throws IOException {
    return Orient.to(
        Nifti.read(RealData.path("ct/" + name + "/ct.nii.gz")).volume(), AnatomicalCode.LPS);
  }

  private static Map<VertebraLevel, Vector3> centroids(SegmentationResult result) {
    return result.measurements().of(VertebraMeasurement.class).stream()
        .collect(Collectors.toMap(VertebraMeasurement::level, VertebraMeasurement::centroidMm));
  }

  /** Whether most voxels of every level have that level, if any, in the whole image. */
  private static boolean isSame(LabelVolume cut, LabelVolume whole) {
    short[] here = VoxelArrays.labels(cut);
    short[] there = VoxelArrays.labels(whole);
    Map<Short, int[]> votes = new HashMap<>();
    for (int n = 0; n < here.length; n++) {
      if (here[n] != 0 && there[n] != 0) {
        votes.computeIfAbsent(here[n], label -> new int[2])[here[n] == there[n] ? 0 : 1]++;
      }
    }
    return votes.values().stream().allMatch(vote -> vote[0] > vote[1]);
  }

  private static boolean isDoubtful(SegmentationResult result) {
    return result.notices().stream().map(Notice::code).anyMatch(DOUBTS::contains);
  }

  private static IndexBox box(Volume ct, Vector3 middle, Cut cut) {
    Vector3 half = new Vector3(cut.field[0] / 2, cut.field[1] / 2, 0);
    Vector3 low = new Vector3(middle.x() - half.x(), middle.y() - half.y(), cut.lowestMm);
    Vector3 high = new Vector3(middle.x() + half.x(), middle.y() + half.y(), cut.highestMm);
    Vector3 from = ct.geometry().toIndex(low);
    Vector3 to = ct.geometry().toIndex(high);
    int[] box = new int[6];
    for (int axis = 0; axis < 3; axis++) {
      int size = ct.extents().get(axis);
      box[axis] = (int) Math.max(0, Math.round(from.get(axis)));
      box[axis + 3] = (int) Math.min(size, Math.round(to.get(axis)) + 1);
    }
    return new IndexBox(box[0], box[1], box[2], box[3], box[4], box[5]);
  }

  /**
   * Each field of view over the whole height, over L1 to L5 with the upper sacrum, and over T12 to
   * L4.
   */
  private static List<Cut> cuts(Volume ct, Map<VertebraLevel, Vector3> whole) {
    double top = ct.geometry().toWorldMm(new Vector3(0, 0, ct.extents().k() - 1)).z();
    double bottom = ct.geometry().toWorldMm(new Vector3(0, 0, 0)).z();
    double l1 = whole.get(VertebraLevel.L1).z();
    double l5 = whole.get(VertebraLevel.L5).z();
    double step = (l1 - l5) / 4;
    List<Cut> cuts = new ArrayList<>();
    for (double[] field : FIELDS) {
      cuts.add(new Cut(field, bottom, top));
      cuts.add(new Cut(field, l5 - SACRUM_MM, l1 + BEYOND_MM));
      cuts.add(new Cut(field, l5 + step - BEYOND_MM, l1 + step + BEYOND_MM));
    }
    return cuts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"acrin_flt_001", "abdomen_3mm"})
  void levels_of_a_cut_trunk_are_those_of_the_whole_or_are_said_to_be_doubtful(String name)
      throws IOException {
    Volume ct = ct(name);
    SegmentationResult whole = segmenter.segment(LumbarStudy.ofCt(ct));
    Map<VertebraLevel, Vector3> truth = centroids(whole);
    assertThat(truth).hasSize(5);
    assertThat(isDoubtful(whole)).isFalse();
    Vector3 middle = truth.get(VertebraLevel.L3);

    int withSacrum = 0;
    List<String> doubtful = new ArrayList<>();
    for (Cut cut : cuts(ct, truth)) {
      IndexBox box = box(ct, middle, cut);
      SegmentationResult result = segmenter.segment(LumbarStudy.ofCt(Crop.to(ct, box)));
      assertThat(isDoubtful(result) || isSame(result.labels(), Crop.to(whole.labels(), box)))
          .as("%s in %s", centroids(result), box)
          .isTrue();
      if (cut.lowestMm <= truth.get(VertebraLevel.L5).z() - SACRUM_MM) {
        withSacrum++;
        if (isDoubtful(result)) {
          doubtful.add(result.notices() + " in " + box);
        }
      }
    }

    assertThat(withSacrum).isGreaterThanOrEqualTo(8);
    assertThat(doubtful).hasSizeLessThanOrEqualTo(withSacrum / 5);
  }

  @Test
  void a_level_that_is_named_moves_the_others() throws IOException {
    Volume crop = ct("l3_crop");
    Vector3 middle =
        centroids(segmenter.segment(LumbarStudy.ofCt(crop))).values().stream()
            .sorted((a, b) -> Double.compare(a.z(), b.z()))
            .toList()
            .get(1);

    SegmentationResult named =
        segmenter.segment(
            LumbarStudy.ofCt(crop).withKnownLevel(KnownLevel.at(VertebraLevel.L4, middle)));

    assertThat(centroids(named).keySet())
        .containsExactlyInAnyOrder(VertebraLevel.L3, VertebraLevel.L4, VertebraLevel.L5);
    assertThat(named.hasNotice("LEVELS_WITHOUT_ANCHOR")).isFalse();
  }
}
