/**
 * Compares two columns of a table, a reference and a method, and writes what comes out as text,
 * JSON and a picture. The statistics themselves are those of {@code dev.lss.metrics.agreement}.
 */
@NullMarked
package dev.lss.examples.agree;

import org.jspecify.annotations.NullMarked;
