package dev.lss.core.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lss.api.ShapeQuality;
import dev.lss.api.VertebraMeasurement;
import dev.lss.api.VertebralShape;
import dev.lss.api.anatomy.LabelTable;
import dev.lss.api.image.DistanceTransform;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Volume;
import dev.lss.core.nifti.Nifti;
import dev.lss.spi.VoxelArrays;
import dev.lss.testkit.RealData;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the labels of vertebral bodies that another program drew on the same CT. */
class VertebraMeasuresRealDataTest {

  private static final int TOTALSEGMENTATOR_L5 = 27;
  private static final int VERSE_L5 = 24;

  @Test
  void the_body_found_in_the_whole_vertebra_reads_as_the_middle_of_the_labelled_body()
      throws Exception {
    Volume ct = Nifti.read(RealData.path("ct/abdomen_3mm/ct.nii.gz")).volume();
    LabelVolume whole =
        Nifti.readLabels(RealData.path("ct/abdomen_3mm/totalseg_spine.nii.gz")).labels();
    LabelVolume bodies =
        Nifti.readLabels(RealData.path("ct/abdomen_3mm/vertebral_bodies_verse_ids.nii.gz"))
            .labels();

    List<VertebraMeasurement> found =
        VertebraMeasures.of(inVerseIds(whole), LabelTable.lumbarVertebrae(), ct).vertebrae();

    assertThat(found).hasSize(5);
    for (VertebraMeasurement vertebra : found) {
      double expected = meanDeeperThan8Mm(bodies, vertebra.level().verseId(), ct);
      assertThat(vertebra.bodyMeanHu().orElseThrow())
          .as(vertebra.level().toString())
          .isCloseTo(expected, within(5.0));
      assertThat(vertebra.meanHu().orElseThrow())
          .as("cortex and arch are denser")
          .isGreaterThan(expected + 50);
    }
  }

  @Test
  void heights_are_those_of_the_labelled_body_within_a_voxel_of_3_mm() throws Exception {
    Volume ct = Nifti.read(RealData.path("ct/abdomen_3mm/ct.nii.gz")).volume();
    LabelVolume whole =
        Nifti.readLabels(RealData.path("ct/abdomen_3mm/totalseg_spine.nii.gz")).labels();
    LabelVolume bodies =
        Nifti.readLabels(RealData.path("ct/abdomen_3mm/vertebral_bodies_verse_ids.nii.gz"))
            .labels();
    LabelTable table = LabelTable.lumbarVertebrae();

    List<VertebraMeasurement> found = VertebraMeasures.of(inVerseIds(whole), table, ct).vertebrae();
    List<VertebraMeasurement> expected = VertebraMeasures.of(bodies, table, ct).vertebrae();

    for (int n = 0; n < 4; n++) { // L5's endplates are too coarse here, and said to fit poorly
      VertebralShape shape = found.get(n).shape().orElseThrow();
      VertebralShape body = expected.get(n).shape().orElseThrow();
      assertThat(shape.quality()).isEqualTo(ShapeQuality.OK);
      assertThat(shape.anteriorHeightMm().orElseThrow())
          .isCloseTo(body.anteriorHeightMm().orElseThrow(), within(3.0));
      assertThat(shape.middleHeightMm().orElseThrow())
          .isCloseTo(body.middleHeightMm().orElseThrow(), within(3.0));
      assertThat(shape.posteriorHeightMm().orElseThrow())
          .isCloseTo(body.posteriorHeightMm().orElseThrow(), within(3.0));
    }
    assertThat(found.get(0).shape().orElseThrow().deformityPercent().orElseThrow())
        .as("L1 is wedged backwards")
        .isBetween(20.0, 30.0);
  }

  private static LabelVolume inVerseIds(LabelVolume labels) {
    short[] verse = new short[VoxelArrays.labels(labels).length];
    for (int at = 0; at < verse.length; at++) {
      int above = VoxelArrays.labels(labels)[at] - TOTALSEGMENTATOR_L5;
      verse[at] = (short) (above >= 0 && above <= 4 ? VERSE_L5 - above : 0);
    }
    return LabelVolume.wrap(labels.geometry(), verse);
  }

  private static double meanDeeperThan8Mm(LabelVolume labels, int label, Volume ct) {
    float[] depth =
        DistanceTransform.toBackgroundMm(
            labels.extents(),
            labels.geometry().spacingMm(),
            at -> VoxelArrays.labels(labels)[at] == label);
    double sum = 0;
    int voxels = 0;
    for (int at = 0; at < depth.length; at++) {
      if (depth[at] > 8) {
        sum += VoxelArrays.samples(ct)[at];
        voxels++;
      }
    }
    return sum / voxels;
  }
}
