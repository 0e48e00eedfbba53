package dev.lss.api.model;

/**
 * A file format of networks that are not described layer by layer, by its text key. A backend of
 * others may bring a format of its own. Immutable.
 *
 * @param key lower-case letters, digits and {@code -}, as manifests and the command line write it
 */
public record ModelFormat(String key) {

  /** ONNX protobuf. */
  public static final ModelFormat ONNX = new ModelFormat("onnx");

  /** TorchScript archive: a zip with code and tensors. The code runs. */
  public static final ModelFormat TORCHSCRIPT = new ModelFormat("torchscript");

  /** A zip of the folder of a TensorFlow SavedModel. */
  public static final ModelFormat SAVEDMODEL = new ModelFormat("savedmodel");

  /** Refuses other keys. */
  public ModelFormat {
    if (!key.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException(
          "a format is named with lower-case letters, digits and -, was \"%s\"".formatted(key));
    }
  }

  /**
   * Returns whether a file may be a program and not only data, so that it runs only when the user
   * gives the word: false for those formats of which the library knows that their files are
   * calculations and nothing else, true for all formats of others.
   */
  public boolean mayBeCode() {
    return !equals(ONNX) && !equals(SAVEDMODEL);
  }

  /** Returns the key. */
  @Override
  public String toString() {
    return key;
  }
}
