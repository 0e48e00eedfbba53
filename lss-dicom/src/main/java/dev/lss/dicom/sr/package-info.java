/**
 * Structured reports: what was measured as a tree of coded items (PS3.16 TID 1500), with the
 * segment that each number was measured on. What a report says of a type of measurement is one
 * class of {@link dev.lss.dicom.sr.ReportTerms} (listed in {@code AllTerms}). Depends on {@code
 * data} and {@code derived}; never measures and never writes a number that is not there.
 */
@NullMarked
package dev.lss.dicom.sr;

import org.jspecify.annotations.NullMarked;
