/**
 * JMH benchmarks, for whoever changes LSS; docs/performance.md says how to run them. {@code lss
 * bench} is the short way for whoever uses it.
 */
@NullMarked
package dev.lss.bench.jmh;

import org.jspecify.annotations.NullMarked;
