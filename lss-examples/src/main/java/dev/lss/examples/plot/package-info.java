/**
 * Plots as SVG, PDF and PNG from one description: axes, lines, boxes, dots and words on a {@link
 * dev.lss.examples.plot.Canvas}. The same figures give the same bytes on every machine, and no font
 * files are needed. Knows nothing about what is plotted.
 */
@NullMarked
package dev.lss.examples.plot;

import org.jspecify.annotations.NullMarked;
