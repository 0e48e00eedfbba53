/**
 * How well two methods or several raters agree, over many cases: intraclass correlation,
 * Bland-Altman, equivalence, concordance, correlation, signed ranks, bootstrap.
 *
 * <p>Pure functions of numbers; nothing here knows images or files. Differences are method minus
 * reference. Rows with a missing value (NaN) are dropped and counted. NaN as a result means "not
 * defined for this input". Tails are computed directly and never as one minus the rest, so p-values
 * keep their digits down to 1e-300. Distributions and Wilcoxon's test are those of Commons
 * Statistics; no type of it is in a signature.
 */
@NullMarked
package dev.lss.metrics.agreement;

import org.jspecify.annotations.NullMarked;
