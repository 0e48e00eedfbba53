package dev.lss.core.nnunet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lss.api.model.Normalization;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Weights;
import dev.lss.testkit.RealData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Plans of a real training on lumbar MR. The names and shapes of all parameters were printed by
 * nnU-Net 2.6.2 (lss_training/peers/nnunet_tensors.py).
 */
class RealPlansTest {

  private static NnUnetPlans plans() throws IOException {
    return NnUnetPlans.read(
        RealData.path("../nnunet/real_plans_spider/nnUNetPlans.json"), ResamplingRule.LABEL_ARGMAX);
  }

  private static NnUnetDataset dataset() throws IOException {
    return NnUnetDataset.read(RealData.path("../nnunet/real_plans_spider/dataset.json"));
  }

  /** Shapes by name; the values are never asked for. */
  private record Shapes(Map<String, List<Integer>> shapes) implements Weights {

    static Shapes read(String resource) throws IOException {
      Map<String, List<Integer>> shapes = new LinkedHashMap<>();
      try (InputStream in =
          Objects.requireNonNull(RealPlansTest.class.getResourceAsStream("/nnunet/" + resource))) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.split(" "))
            .forEach(
                words ->
                    shapes.put(
                        words[0], Arrays.stream(words).skip(1).map(Integer::valueOf).toList()));
      }
      return new Shapes(shapes);
    }

    @Override
    public Set<String> names() {
      return shapes.keySet();
    }

    @Override
    public List<Integer> shape(String name) {
      return Objects.requireNonNull(shapes.get(name));
    }

    @Override
    public float[] values(String name) {
      throw new UnsupportedOperationException(name);
    }
  }

  @ParameterizedTest
  @CsvSource({"2d, 33469493", "3d_fullres, 44575797"})
  void every_parameter_of_nnunets_network_is_in_ours(String configuration, long parameters)
      throws IOException {
    Network network =
        UNetBuilder.build(
            plans().configuration(configuration).architecture(), 1, dataset().output().channels());
    Shapes nnunet = Shapes.read("spider_%s.txt".formatted(configuration));

    assertThat(network.requireWeights(nnunet)).isEqualTo(parameters);
    Set<String> used = network.tensorNames();
    // The heads of the five coarser resolutions only train.
    assertThat(nnunet.names().stream().filter(name -> !used.contains(name)))
        .hasSize(10)
        .allMatch(name -> name.matches("decoder\\.seg_layers\\.[0-4]\\.(weight|bias)"));
  }

  @Test
  void the_plans_say_how_images_are_prepared() throws IOException {
    NnUnetPlans plans = plans();
    NnUnetConfiguration full = plans.configuration("3d_fullres");

    assertThat(plans.configurationNames()).containsExactly("2d", "3d_fullres");
    assertThat(plans.transposeForward()).containsExactly(2, 0, 1);
    assertThat(full.patchSize()).containsExactly(16, 320, 320);
    assertThat(full.grid().spacingMm()).hasSize(3).element(1).isEqualTo(0.5859375);
    assertThat(full.normalizations()).containsExactly(new Normalization.ZScore());
    assertThat(full.architecture().stages()).isEqualTo(7);
    assertThat(plans.configuration("2d").patchSize()).containsExactly(512, 448);
    assertThat(dataset().output().channels()).isEqualTo(21);
  }
}
