/**
 * Runs networks over volumes: finding backends, tiles, Gaussian stitching, argmax on the fly,
 * guarded sessions, the memory plan. Knows no particular backend and no task.
 */
@NullMarked
package dev.lss.core.inference;

import org.jspecify.annotations.NullMarked;
