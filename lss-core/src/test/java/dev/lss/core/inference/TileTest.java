package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.image.Extents;
import dev.lss.api.image.IndexBox;
import dev.lss.api.image.Volume;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Shape;
import dev.lss.spi.VoxelArrays;
import org.junit.jupiter.api.Test;

class TileTest {

  private static final Extents PATCH = new Extents(3, 2, 2);

  private static float[] values(FloatTensor tensor) {
    float[] values = new float[tensor.shape().size()];
    tensor.data().get(0, values);
    return values;
  }

  @Test
  void i_is_the_last_axis_of_the_tensor() {
    assertThat(Tile.shape(4, PATCH)).isEqualTo(Shape.of(1, 4, 2, 2, 3));
  }

  @Test
  void a_box_that_reaches_outside_is_filled_up_with_the_padding_value() {
    Volume image = Images.of(new Extents(2, 2, 1), 1, 2, 3, 4);
    FloatTensor tensor = FloatTensor.allocate(Tile.shape(2, PATCH));

    Tile.cut(image, new IndexBox(-1, 0, 0, 2, 2, 2), -9, tensor, 1);

    assertThat(values(tensor))
        .containsExactly(
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -9, 1, 2, -9, 3, 4, -9, -9, -9, -9, -9, -9);
  }

  @Test
  void a_box_beside_the_image_is_all_padding() {
    FloatTensor tensor = FloatTensor.allocate(Tile.shape(1, PATCH));

    Tile.cut(Images.constant(PATCH, 5), new IndexBox(9, 0, 0, 12, 2, 2), -1, tensor, 0);

    assertThat(values(tensor)).containsOnly(-1f);
  }

  @Test
  void what_is_cut_is_read_back_unchanged() {
    Volume image = Images.noise(PATCH, 3);
    FloatTensor tensor = FloatTensor.allocate(Tile.shape(3, PATCH));

    Tile.cut(image, IndexBox.of(PATCH), 0, tensor, 2);

    assertThat(VoxelArrays.samples(Tile.read(tensor, 2, image.geometry())))
        .containsExactly(VoxelArrays.samples(image));
  }

  @Test
  void a_channel_or_size_that_the_tensor_does_not_have_is_refused() {
    FloatTensor tensor = FloatTensor.allocate(Tile.shape(1, PATCH));
    Volume image = Images.constant(PATCH, 0);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tile.cut(image, IndexBox.of(PATCH), 0, tensor, 1))
        .withMessage("channel 1 of a patch of 3 x 2 x 2 is not in a tensor of 1 x 1 x 2 x 2 x 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tile.cut(image, new IndexBox(0, 0, 0, 2, 3, 2), 0, tensor, 0));
  }
}
