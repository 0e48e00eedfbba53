package dev.lss.core.pipeline;

import dev.lss.api.Provenance;
import dev.lss.api.SeriesRole;
import dev.lss.api.image.AnatomicalCode;
import dev.lss.api.model.InputChannel;
import dev.lss.api.model.ModelDescription;
import dev.lss.api.model.Normalization;
import dev.lss.api.model.OutputKind;
import dev.lss.api.model.ResamplingRule;
import dev.lss.api.model.Stage;
import dev.lss.api.model.StageNetwork;
import dev.lss.api.model.TileRule;
import dev.lss.api.model.network.Layer;
import dev.lss.api.model.network.Network;
import dev.lss.core.inference.GuardedSession;
import dev.lss.core.inference.StagePool;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/**
 * A model whose networks are formulas, so that the task can be tested without a runtime. Its images
 * are 0 where nothing is and 1 in the middle of a blob. The coarse network calls every blob a
 * vertebra and its place L3; the fine one marks what is above 0.5 near the middle of its patch.
 */
final class FakeCtModel {

  private FakeCtModel() {}

  static CtVertebrae segmenter(int stageThreads) {
    return segmenter(stageThreads, FakeCtModel::localize);
  }

  static CtVertebrae segmenter(int stageThreads, BiConsumer<FloatTensor, FloatTensor> localizer) {
    return new CtVertebrae(
        new CtVertebrae.Equipment(
            description(),
            GuardedSession.of(new Formula(1, 9, localizer), "fake/localizer"),
            GuardedSession.of(new Formula(2, 1, FakeCtModel::draw), "fake/segmenter"),
            new StagePool(stageThreads),
            new Provenance("test", List.of(), Optional.empty(), 1, "fp32", List.of())));
  }

  private static void localize(FloatTensor in, FloatTensor out) {
    int voxels = in.shape().size();
    for (int c = 0; c < 9; c++) {
      for (int n = 0; n < voxels; n++) {
        boolean speaks = c == HeatMaps.ANY || c == HeatMaps.L1 + 2;
        out.data().put(c * voxels + n, speaks ? 8 * in.data().get(n) - 4 : -8);
      }
    }
  }

  private static void draw(FloatTensor in, FloatTensor out) {
    int voxels = out.shape().size();
    for (int n = 0; n < voxels; n++) {
      float bump = in.data().get(voxels + n);
      out.data().put(n, Math.min(in.data().get(n) - 0.5f, 4 * (bump - 0.2f)));
    }
  }

  static ModelDescription description() {
    return new ModelDescription(
        "fake",
        "1",
        "formulas",
        "Apache-2.0",
        "tests",
        "none",
        CtVertebrae.TASK,
        List.of(
            stage(
                Stage.Role.LOCALIZER,
                9,
                4,
                List.of(24, 12, 12),
                labels(HeatMaps.CHANNELS),
                OptionalDouble.empty()),
            stage(
                Stage.Role.SEGMENTER,
                1,
                2,
                List.of(16, 16, 16),
                labels(List.of("vertebra")),
                OptionalDouble.of(10))));
  }

  private static List<Stage.StageLabel> labels(List<String> keys) {
    return java.util.stream.IntStream.range(0, keys.size())
        .mapToObj(n -> new Stage.StageLabel(n, keys.get(n)))
        .toList();
  }

  private static Stage stage(
      Stage.Role role,
      int classes,
      double spacingMm,
      List<Integer> patch,
      List<Stage.StageLabel> labels,
      OptionalDouble sigma) {
    List<Integer> one = List.of(1, 1, 1);
    int inputs = sigma.isPresent() ? 2 : 1;
    Layer layer =
        new Layer.Convolution(
            "out", Network.INPUT, one, one, List.of(0, 0, 0), classes, "w", Optional.empty());
    return new Stage(
        role,
        role.name(),
        new StageNetwork.Layers(
            new Network(3, inputs, List.of(layer), "out"), List.of("w.safetensors")),
        List.of(new InputChannel(SeriesRole.CT, new Normalization.CtClip(0, 1, 0, 1))),
        Optional.of(AnatomicalCode.LPS),
        List.of(spacingMm, spacingMm, spacingMm),
        OptionalInt.empty(),
        ResamplingRule.LINEAR_ANTIALIASED,
        patch,
        TileRule.NnUnet.DEFAULT,
        List.of(),
        OutputKind.SIGMOID,
        labels,
        sigma,
        Optional.empty());
  }

  /** A session that is a formula. */
  private record Formula(int inputs, int classes, BiConsumer<FloatTensor, FloatTensor> formula)
      implements InferenceSession {

    @Override
    public TensorSpec input() {
      return spec("in", inputs);
    }

    @Override
    public TensorSpec output() {
      return spec("out", classes);
    }

    private static TensorSpec spec(String name, int channels) {
      int any = TensorSpec.ANY;
      return new TensorSpec(name, List.of(any, channels, any, any, any), List.of(1, 1, 1, 1, 1));
    }

    @Override
    public void run(FloatTensor in, FloatTensor out) {
      formula.accept(in, out);
    }

    @Override
    public void close() {}
  }
}
