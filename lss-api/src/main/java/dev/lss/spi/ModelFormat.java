package dev.lss.spi;

/** File formats of opaque models. */
public enum ModelFormat {
  /** ONNX protobuf. */
  ONNX
}
