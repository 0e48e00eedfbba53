package dev.lss.backend.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.ModelSource.Described;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import dev.lss.testkit.ReferenceInterpreter;
import dev.lss.testkit.SampleNetwork;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Needs a GPU and the natives for it (docs/backends.md); reported as skipped elsewhere. */
@Tag("gpu")
class DjlGpuTest {

  private static final Device GPU = new Device(Device.Kind.CUDA, 0);

  @Test
  void every_kind_of_layer_gives_what_its_definition_says() {
    assumeTrue(PyTorchLibrary.devices().contains(GPU), "PyTorch has no " + GPU + " here");

    SampleNetwork.everyKind().forEach(DjlGpuTest::assertAsDefined);
  }

  private static void assertAsDefined(SampleNetwork model) {
    Described source = new Described(model.name(), model.network(), model.weights());
    FloatTensor x = FloatTensor.allocate(model.inputs().get(0));
    Random random = new Random(3);
    for (int i = 0; i < x.shape().size(); i++) {
      x.data().put(i, (float) random.nextGaussian());
    }
    FloatTensor expected = ReferenceInterpreter.run(model.network(), model.weights(), x);
    FloatTensor y = FloatTensor.allocate(expected.shape());

    try (InferenceSession session =
        new DjlBackend().open(source, new SessionConfig(GPU, 1, Precision.FP32))) {
      session.run(x, y);
    }

    for (int i = 0; i < y.shape().size(); i++) {
      assertThat(y.data().get(i))
          .as("%s, value %d", model.name(), i)
          .isCloseTo(expected.data().get(i), Offset.offset(1e-3f));
    }
  }
}
