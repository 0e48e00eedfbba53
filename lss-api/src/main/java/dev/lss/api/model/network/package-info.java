/**
 * A network as data: an ordered list of layers with named inputs, and its weights. It names no
 * runtime; each backend translates it with one visitor.
 *
 * <p>Tensors are N C D H W (rank 3) or N C H W (rank 2). Kernel, stride and padding lists are in
 * the order D, H, W.
 */
@NullMarked
package dev.lss.api.model.network;

import org.jspecify.annotations.NullMarked;
