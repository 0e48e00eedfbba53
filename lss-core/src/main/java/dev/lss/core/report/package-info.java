/** Turns results into JSON and pictures, and puts files into place atomically. */
@NullMarked
package dev.lss.core.report;

import org.jspecify.annotations.NullMarked;
