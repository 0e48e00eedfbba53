package dev.lss.core.nnunet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a checkpoint with the tensors of another, all zero, for more input channels. */
final class TinyCheckpoint {

  private static final String FIRST = "encoder.stages.0.0.convs.0.conv.weight";

  /** Zeros that all tensors share; more than the largest has. */
  private static final int VALUES = 4096;

  private TinyCheckpoint() {}

  /**
   * Writes the file.
   *
   * @param file the file
   * @param like the checkpoint whose names and shapes are taken
   * @param inputs channels of the first convolution
   * @param configuration what the checkpoint says it was trained with
   * @param mirrorAxes over which the training allows mirroring; may be none
   */
  static void write(
      Path file, Checkpoint like, int inputs, String configuration, long... mirrorAxes)
      throws IOException {
    PickleBytes pickle = new PickleBytes().raw('}', '(').text("trainer_name").text("nnUNetTrainer");
    pickle.text("init_args").raw('}', '(').text("configuration").text(configuration).raw('u');
    if (mirrorAxes.length > 0) {
      pickle.text("inference_allowed_mirroring_axes").numbers(mirrorAxes);
    }
    pickle.text("network_weights").raw('}', '(');
    for (String name : like.weights().names()) {
      long[] shape = like.weights().shape(name).stream().mapToLong(n -> n).toArray();
      if (name.equals(FIRST)) {
        shape[1] = inputs;
      }
      pickle.text(name).tensor("FloatStorage", VALUES, 0, shape, strides(shape));
    }
    Files.createDirectories(file.getParent());
    ZipBytes.checkpoint(file.getParent(), pickle.raw('u', 'u').end(), new byte[4 * VALUES]);
  }

  private static long[] strides(long[] sizes) {
    long[] strides = new long[sizes.length];
    long count = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      strides[axis] = count;
      count *= sizes[axis];
    }
    return strides;
  }
}
