/**
 * Where an application starts: {@code Segmenters} builds a segmenter from a model package and a
 * backend. Uses every package below it; knows no backend by name.
 */
@NullMarked
package dev.lss.core;

import org.jspecify.annotations.NullMarked;
