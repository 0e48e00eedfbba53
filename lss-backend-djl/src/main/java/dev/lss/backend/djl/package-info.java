/**
 * Runs networks with PyTorch, through DJL: a network description is translated to a TorchScript
 * archive in memory, in plain Java, and tensors are copied in and out.
 *
 * <p>Depends on lss-api and DJL's PyTorch engine; which native PyTorch is there the application
 * chooses. Never uses the network, never reports anything, never falls back to another device, and
 * never writes a file except PyTorch's own libraries (see {@link
 * dev.lss.backend.djl.PyTorchLibrary}).
 */
@NullMarked
package dev.lss.backend.djl;

import org.jspecify.annotations.NullMarked;
