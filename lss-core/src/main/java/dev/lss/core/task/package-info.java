/**
 * What can be asked of the library: a {@code Task} takes the series of a study, runs the networks
 * of a model and says what it found. Everything around that, from choosing series to provenance, is
 * done once, by the segmenter.
 *
 * <p>To bring a task of your own, implement {@code Task}, list the class in {@code
 * META-INF/services/dev.lss.core.task.Task} (and in {@code provides} of a named module), and put
 * the jar on the class path; docs/extending.md shows one. Knows no task of its own.
 */
@NullMarked
package dev.lss.core.task;

import org.jspecify.annotations.NullMarked;
