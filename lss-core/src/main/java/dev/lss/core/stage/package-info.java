/**
 * Runs one stage of a model over an image: onto the stage's grid, its window over the image, and
 * what comes out back onto the image's grid. {@code Networks} opens all stages of a model once.
 *
 * <p>Knows images, networks and models; knows no task and no anatomy.
 */
@NullMarked
package dev.lss.core.stage;

import org.jspecify.annotations.NullMarked;
