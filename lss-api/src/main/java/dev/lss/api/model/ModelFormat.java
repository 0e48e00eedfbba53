package dev.lss.api.model;

/** File formats of networks that are not described layer by layer. */
public enum ModelFormat {
  /** ONNX protobuf. */
  ONNX,
  /** TorchScript archive: a zip with code and tensors. The code runs. */
  TORCHSCRIPT,
  /** A zip of the folder of a TensorFlow SavedModel. */
  SAVEDMODEL
}
