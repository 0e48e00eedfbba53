/**
 * How fast the backends are on the machine at hand: the code of {@code lss bench}, which measures
 * each combination of backend, precision and threads in a process of its own, because runtimes keep
 * threads and memory for as long as their process lives, and because one that crashes must not take
 * the others with it.
 *
 * <p>Knows the core and no backend by name; never the command line. The JMH benchmarks are in the
 * package {@code jmh}.
 */
@NullMarked
package dev.lss.bench;

import org.jspecify.annotations.NullMarked;
