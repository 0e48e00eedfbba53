/**
 * Runs networks with ONNX Runtime, through its own Java API: a network description is translated to
 * ONNX in memory, and tensors are read and written in place.
 *
 * <p>Depends on lss-api and ONNX Runtime alone. Never uses the network, never falls back to another
 * device, and never writes a file except the runtime's own libraries (see {@link
 * dev.lss.backend.onnx.OnnxRuntimeLibrary}).
 */
@NullMarked
package dev.lss.backend.onnx;

import org.jspecify.annotations.NullMarked;
