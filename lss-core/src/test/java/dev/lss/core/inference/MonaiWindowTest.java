package dev.lss.core.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.api.image.Extents;
import dev.lss.api.image.Volume;
import dev.lss.api.model.TileRule.Monai;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.TensorSpec;
import dev.lss.spi.VoxelArrays;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Against what MONAI 1.6.1 gives; lss_training/peers/monai_window.py wrote it. */
class MonaiWindowTest {

  private static final int CLASSES = 2;

  private static JsonNode cases() throws IOException {
    try (InputStream json = MonaiWindowTest.class.getResourceAsStream("/monai/cases.json")) {
      return new ObjectMapper().readTree(json).get("cases");
    }
  }

  private static FloatBuffer values() throws IOException {
    try (InputStream in = MonaiWindowTest.class.getResourceAsStream("/monai/values.f32")) {
      return ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
  }

  /** Outermost axis first, as in MONAI; a 2-D roi is one voxel of the outermost axis. */
  private static Extents extents(JsonNode sizes) {
    int rank = sizes.size();
    return new Extents(
        sizes.get(rank - 1).intValue(),
        sizes.get(rank - 2).intValue(),
        rank == 3 ? sizes.get(0).intValue() : 1);
  }

  private static float[] take(FloatBuffer values, int count) {
    float[] taken = new float[count];
    values.get(taken);
    return taken;
  }

  private static String upper(JsonNode text) {
    return text.textValue().toUpperCase(Locale.ROOT);
  }

  @Test
  void every_voxel_is_as_in_monai() throws IOException {
    FloatBuffer values = values();
    for (JsonNode one : cases()) {
      int rank = one.get("roi").size();
      Extents extents = extents(one.get("image"));
      Convolution network =
          new Convolution(
              rank, take(values, CLASSES * (rank == 3 ? 27 : 9)), take(values, CLASSES));
      Volume image = Images.of(extents, take(values, extents.voxels()));
      Monai rule =
          new Monai(
              one.get("overlap").doubleValue(), Monai.Weights.valueOf(upper(one.get("weights"))));
      boolean replicates = one.get("padding").textValue().equals("replicate");
      Tiling tiling =
          new Tiling(
              extents(one.get("roi")),
              rule,
              List.of(replicates ? Float.NaN : 0),
              replicates,
              CLASSES,
              List.of());

      LogitVolumes logits = LogitVolumes.empty(image.geometry(), CLASSES);
      try (StagePool pool = new StagePool(2)) {
        new SlidingWindow(network, tiling, pool)
            .run(List.of(image), logits, "network", ProgressListener.NONE, new CancellationToken());
      }

      for (Volume channel : logits.volumes()) {
        float[] expected = take(values, extents.voxels());
        for (int v = 0; v < expected.length; v++) {
          assertThat(VoxelArrays.samples(channel)[v])
              .as("%s, voxel %d", one, v)
              .isCloseTo(expected[v], within(1e-5f));
        }
      }
    }
    assertThat(values.hasRemaining()).isFalse();
  }

  @Test
  void no_weight_is_below_a_thousandth_and_the_middle_lies_between_two_voxels() {
    float[] weights = MonaiWindow.of(new Extents(16, 16, 4), Monai.Weights.GAUSSIAN).weights();

    assertThat(weights[0]).isEqualTo(1e-3f); // exp(-2 * 7.5^2 / 8 - 1.5^2 / 0.5) = 9e-9
    int middle = 2 * 256 + 8 * 16 + 8; // exp(-2 * 0.5^2 / 8 - 0.5^2 / 0.5)
    assertThat(weights[middle]).isCloseTo((float) Math.exp(-0.5625), within(1e-6f));
    assertThat(weights[middle - 1]).isEqualTo(weights[middle]);
  }

  @Test
  void constant_weights_are_one() {
    assertThat(MonaiWindow.of(new Extents(3, 2, 1), Monai.Weights.CONSTANT).weights())
        .containsOnly(1f);
  }

  /** A convolution of 3 voxels per axis with a border of zeros, one channel in, two out. */
  private record Convolution(int rank, float[] weights, float[] biases)
      implements InferenceSession {

    @Override
    public TensorSpec input() {
      List<Integer> any = Collections.nCopies(rank + 2, TensorSpec.ANY);
      return new TensorSpec("in", any, Collections.nCopies(rank + 2, 1));
    }

    @Override
    public TensorSpec output() {
      return input();
    }

    @Override
    public void run(FloatTensor in, FloatTensor out) {
      List<Integer> dims = in.shape().dims();
      int width = dims.get(rank + 1);
      int height = dims.get(rank);
      int depth = rank == 3 ? dims.get(2) : 1;
      int at = 0;
      for (int c = 0; c < CLASSES; c++) {
        for (int k = 0; k < depth; k++) {
          for (int j = 0; j < height; j++) {
            for (int i = 0; i < width; i++) {
              double sum = biases[c];
              int w = c * weights.length / CLASSES;
              for (int dk = rank == 3 ? -1 : 0; dk <= (rank == 3 ? 1 : 0); dk++) {
                for (int dj = -1; dj <= 1; dj++) {
                  for (int di = -1; di <= 1; di++, w++) {
                    if (isInside(k + dk, depth)
                        && isInside(j + dj, height)
                        && isInside(i + di, width)) {
                      int from = ((k + dk) * height + j + dj) * width + i + di;
                      sum += weights[w] * in.data().get(from);
                    }
                  }
                }
              }
              out.data().put(at++, (float) sum);
            }
          }
        }
      }
    }

    private static boolean isInside(int index, int size) {
      return index >= 0 && index < size;
    }

    @Override
    public void close() {}
  }
}
