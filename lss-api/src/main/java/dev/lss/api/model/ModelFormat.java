package dev.lss.api.model;

/** File formats of networks that are not described layer by layer. */
public enum ModelFormat {
  /** ONNX protobuf. */
  ONNX,
  /** A zip of the folder of a TensorFlow SavedModel. */
  SAVEDMODEL
}
