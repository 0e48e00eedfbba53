/**
 * Runs networks over volumes: finding backends, tiles, Gaussian blending, argmax on the fly,
 * guarded sessions, the memory plan. Knows no particular backend and no task.
 *
 * <p>Interpolation in this package is linear, on half-pixel grids, and only for logits.
 */
@NullMarked
package dev.lss.core.inference;

import org.jspecify.annotations.NullMarked;
