/**
 * Which pictures make one volume, in which order, and where it lies. Splits rather than mixes,
 * refuses rather than guesses; what it left out it says in notices.
 */
@NullMarked
package dev.lss.dicom.series;

import org.jspecify.annotations.NullMarked;
