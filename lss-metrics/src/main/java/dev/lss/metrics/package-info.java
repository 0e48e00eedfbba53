/**
 * How well two label maps of one image agree. Pure functions of label volumes: nothing here reads
 * files, runs networks or knows who outlined a map.
 *
 * <p>The <em>reference</em> is what counts as true, the <em>prediction</em> is what is judged;
 * differences are prediction minus reference. NaN means "not defined for this input", and every
 * summary says how many values were not. Counts are exact; sums are in double in a fixed order, so
 * no result depends on a thread count.
 */
@NullMarked
package dev.lss.metrics;

import org.jspecify.annotations.NullMarked;
