/**
 * The task {@code ct-vertebrae}: finding the spine in heat maps, naming its levels, segmenting one
 * vertebra at a time, postprocessing. Uses stages of networks, images and measurements; no other
 * task.
 */
@NullMarked
package dev.lss.core.ct;

import org.jspecify.annotations.NullMarked;
