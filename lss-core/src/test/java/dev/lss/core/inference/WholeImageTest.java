package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lss.api.CancellationToken;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.Resampling;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageGrid;
import dev.lss.api.model.StageOutput;
import dev.lss.api.model.StageWindow;
import dev.lss.api.model.network.Signature;
import dev.lss.core.FormulaModel;
import dev.lss.spi.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A network that takes planes of at most 32 x 32 pixels in multiples of 16. */
class WholeImageTest {

  private static final StageWindow.Whole WINDOW = new StageWindow.Whole(List.of(32, 32));
  private static final Stage STAGE =
      Stage.builder(
              Stage.Role.SEGMENTER,
              "all",
              FormulaModel.network(new Signature(2, 1, 2, List.of(16, 16)), 1))
          .inputs(List.of(new InputChannel(SeriesRole.ULTRASOUND, new Normalization.None())))
          .grid(new StageGrid.LongerSide(32, Resampling.of(ResamplingRule.LINEAR)))
          .window(WINDOW)
          .output(new StageOutput.Softmax(List.of(new StageOutput.Label(1, "one"))))
          .build();

  private final List<Shape> seen = new ArrayList<>();
  private final WholeImage whole =
      new WholeImage(
          new FakeSession(
              1,
              2,
              (in, out) -> {
                seen.add(in.shape());
                int pixels = in.shape().size();
                for (int n = 0; n < pixels; n++) {
                  out.data().put(n, in.data().get(n));
                  out.data().put(pixels + n, n);
                }
              }),
          STAGE,
          WINDOW);

  @Test
  void a_plane_is_padded_behind_to_what_the_network_takes_and_cut_again() {
    Volume plane = Images.noise(new Extents(30, 10, 1), 1);

    List<Volume> logits = whole.run(List.of(plane), new CancellationToken());

    assertThat(seen).containsExactly(Shape.of(1, 1, 16, 32));
    assertThat(logits.get(0).toArray()).isEqualTo(plane.toArray());
    assertThat(logits.get(1).get(29, 9, 0)).isEqualTo(9 * 32 + 29);
    assertThat(whole.padded(new Extents(20, 33, 1))).isEqualTo(new Extents(32, 32, 1));
  }

  @Test
  void an_image_larger_than_the_patch_is_refused() {
    Volume large = Images.noise(new Extents(33, 20, 1), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> whole.run(List.of(large), new CancellationToken()))
        .withMessage("the network takes an image of at most 32 x 32 x 1, was 33 x 20 x 1");
  }

  @Test
  void more_than_one_plane_is_refused() {
    Volume stack = Images.noise(new Extents(20, 20, 2), 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> whole.run(List.of(stack), new CancellationToken()))
        .withMessageContaining("20 x 20 x 2");
  }
}
