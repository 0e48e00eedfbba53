package dev.lss.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.api.model.ResamplingRule;
import dev.lss.core.image.Resample.Way;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what nnU-Net 2.8.1 gives (training/lss_training/peers/label_resampling.py). */
class LabelResamplingTest {

  private static Extents extents(JsonNode kji) {
    return new Extents(kji.get(2).asInt(), kji.get(1).asInt(), kji.get(0).asInt());
  }

  private static LabelVolume volume(Extents extents, short... labels) {
    return LabelVolume.wrap(GridGeometry.ofSpacing(extents, new Vector3(1, 1, 1)), labels);
  }

  private static BitSet all(int voxels) {
    BitSet all = new BitSet();
    all.set(0, voxels);
    return all;
  }

  @ParameterizedTest
  @CsvSource({"0.25.5, LABEL_ARGMAX", "0.25.1, LABEL_HALF"})
  void labels_are_those_of_batchgenerators(String version, ResamplingRule rule) throws IOException {
    JsonNode cases;
    try (InputStream in =
        getClass().getResourceAsStream("/label_resampling/batchgenerators-" + version + ".json")) {
      cases = new ObjectMapper().readTree(in).get("cases");
    }
    assertThat(cases).hasSize(9);
    for (JsonNode one : cases) {
      Extents from = extents(one.get("shape"));
      short[] labels = new short[from.voxels()];
      BitSet inside = new BitSet();
      for (int n = 0; n < labels.length; n++) {
        int label = one.get("labels").get(n).asInt();
        labels[n] = (short) Math.max(0, label);
        inside.set(n, label >= 0);
      }
      JsonNode axis = one.get("separateAxis");
      Way way =
          new Way(
              extents(one.get("newShape")),
              one.get("order").asInt() == 0 ? ResamplingRule.NEAREST : rule,
              axis.isNull() ? OptionalInt.empty() : OptionalInt.of(2 - axis.asInt()));

      LabelVolume resampled = Resample.labels(volume(from, labels), inside, way, Slabs.SERIAL);

      short[] wanted = new short[way.extents().voxels()];
      for (int n = 0; n < wanted.length; n++) {
        wanted[n] = (short) Math.max(0, one.get("resampled").get(n).asInt());
      }
      assertThat(VoxelArrays.labels(resampled)).as("%s", one.get("shape")).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @CsvSource({"LABEL_ARGMAX, 1 1 2 2", "LABEL_HALF, 1 1 2 2", "NEAREST, 1 1 2 2"})
  void a_border_stays_where_it_is(ResamplingRule rule, String expected) {
    Way way = new Way(new Extents(4, 1, 1), rule, OptionalInt.empty());

    LabelVolume twice =
        Resample.labels(
            volume(new Extents(2, 1, 1), (short) 1, (short) 2), all(2), way, Slabs.SERIAL);

    short[] labels = VoxelArrays.labels(twice);
    assertThat("%d %d %d %d".formatted(labels[0], labels[1], labels[2], labels[3]))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"LABEL_ARGMAX, 3", "LABEL_HALF, 5"})
  void in_a_tie_the_nearest_voxel_decides_and_not_the_larger_label(
      ResamplingRule rule, short expected) {
    // 2 voxels become 1, whose centre lies on their border: a half each; nearest is the second
    Way way = new Way(new Extents(1, 1, 1), rule, OptionalInt.empty());

    LabelVolume one =
        Resample.labels(
            volume(new Extents(2, 1, 1), (short) 5, (short) 3), all(2), way, Slabs.SERIAL);

    assertThat(VoxelArrays.labels(one)).containsExactly(expected);
  }

  @Test
  void where_no_label_reaches_one_half_argmax_still_gives_one_and_the_older_rule_background() {
    LabelVolume corners = volume(new Extents(2, 2, 1), (short) 1, (short) 2, (short) 3, (short) 4);
    Extents middle = new Extents(1, 1, 1);

    LabelVolume argmax =
        Resample.labels(
            corners,
            all(4),
            new Way(middle, ResamplingRule.LABEL_ARGMAX, OptionalInt.empty()),
            Slabs.SERIAL);
    LabelVolume half =
        Resample.labels(
            corners,
            all(4),
            new Way(middle, ResamplingRule.LABEL_HALF, OptionalInt.empty()),
            Slabs.SERIAL);

    assertThat(VoxelArrays.labels(argmax)).containsExactly((short) 4);
    assertThat(VoxelArrays.labels(half)).containsExactly((short) 0);
  }

  @Test
  void background_outside_the_image_is_not_added_to_background_inside() {
    LabelVolume labels = volume(new Extents(2, 2, 1), (short) 0, (short) 0, (short) 1, (short) 1);
    Way way = new Way(new Extents(1, 1, 1), ResamplingRule.LABEL_ARGMAX, OptionalInt.empty());
    BitSet onlyOneBackground = all(4);
    onlyOneBackground.clear(0);

    assertThat(VoxelArrays.labels(Resample.labels(labels, onlyOneBackground, way, Slabs.SERIAL)))
        .containsExactly((short) 1); // 1/2 against 1/4 and 1/4
  }

  @Test
  void labels_are_not_interpolated_like_images() {
    Way way = new Way(new Extents(4, 1, 1), ResamplingRule.LINEAR, OptionalInt.empty());

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Resample.labels(
                    volume(new Extents(2, 1, 1), (short) 1, (short) 2), all(2), way, Slabs.SERIAL))
        .withMessage("labels are not resampled by LINEAR");
  }
}
