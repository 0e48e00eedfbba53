/**
 * Compares label maps in files with those of a reference: which file belongs to which, which label
 * to which, and what comes out as a table, JSON and CSV. The measures themselves are those of
 * {@code dev.lss.metrics}.
 */
@NullMarked
package dev.lss.examples.evaluate;

import org.jspecify.annotations.NullMarked;
