/**
 * Naming the levels of a spine from the places of its vertebrae and what else speaks for each: a
 * chain in which every name makes others more or less likely, with what was learned from real
 * spines. Knows neither images nor networks nor tasks.
 */
@NullMarked
package dev.lss.core.naming;

import org.jspecify.annotations.NullMarked;
