package dev.lss.core.spine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.image.Extents;
import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.LabelVolume;
import dev.lss.api.image.Vector3;
import dev.lss.core.task.Numbering;
import org.junit.jupiter.api.Test;

class SpineNumberingTest {

  private static short[] renumbered(String name, int... theirs) {
    short[] labels = new short[theirs.length];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (short) theirs[n];
    }
    GridGeometry grid =
        GridGeometry.ofSpacing(new Extents(labels.length, 1, 1), new Vector3(1, 1, 1));
    Numbering numbering =
        new MrSpine()
            .numberings().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    return numbering.renumber(LabelVolume.wrap(grid, labels)).toArray();
  }

  @Test
  void total_spine_seg_counts_vertebrae_from_the_neck() {
    assertThat(renumbered("TotalSpineSeg", 0, 1, 2, 32, 41, 45, 50, 91, 95, 100))
        .containsExactly(0, 0, 61, 19, 20, 24, 26, 119, 123, 124);
  }

  @Test
  void its_lowest_disc_lies_below_the_sixth_lumbar_vertebra_where_there_is_one() {
    assertThat(renumbered("TotalSpineSeg", 45, 46, 96, 100)).containsExactly(24, 25, 124, 125);
  }

  @Test
  void spider_counts_from_the_lowest_vertebra_up() {
    assertThat(renumbered("SPIDER", 1, 2, 7, 8, 100, 201, 202))
        .containsExactly(24, 23, 18, 0, 61, 124, 123);
  }

  @Test
  void spineps_uses_our_values_and_endplates_are_left_out() {
    assertThat(renumbered("SPINEPS", 20, 26, 28, 124, 224)).containsExactly(20, 26, 28, 124, 0);
  }
}
