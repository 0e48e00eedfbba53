package dev.lss.backend.tf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lss.spi.BackendStatus.Available;
import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.spi.Shape;
import dev.lss.testkit.ReferenceInterpreter;
import dev.lss.testkit.SampleNetwork;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs where the native libraries for GPUs and a GPU are; reported as skipped elsewhere. */
@Tag("gpu")
class TfGpuTest {

  private static final Device GPU = new Device(Device.Kind.CUDA, 0);

  @BeforeEach
  void a_gpu_is_there() {
    assumeTrue(
        new TfBackend().probe() instanceof Available available && available.devices().contains(GPU),
        "there is no " + GPU + " here, or no tensorflow-core-native for it");
  }

  static List<SampleNetwork> everyKind() {
    return SampleNetwork.everyKind();
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void every_kind_of_layer_gives_what_its_definition_says(SampleNetwork model) {
    try (InferenceSession session =
        new TfBackend()
            .open(
                new Described(model.name(), model.network(), model.weights()),
                new SessionConfig(GPU, 2, Precision.FP32))) {
      for (Shape shape : model.inputs()) {
        Random random = new Random(3);
        FloatTensor in = FloatTensor.allocate(shape);
        for (int i = 0; i < shape.size(); i++) {
          in.data().put(i, (float) random.nextGaussian());
        }
        FloatTensor expected = ReferenceInterpreter.run(model.network(), model.weights(), in);
        FloatTensor actual = FloatTensor.allocate(expected.shape());
        session.run(in, actual);

        // GPUs may multiply with 10 bits of mantissa (TF32).
        for (int i = 0; i < expected.shape().size(); i++) {
          assertThat(actual.data().get(i))
              .isCloseTo(
                  expected.data().get(i), within(0.01f + 0.01f * Math.abs(expected.data().get(i))));
        }
      }
    }
  }
}
