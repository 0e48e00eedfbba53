/**
 * The types an application meets: a study goes in, a segmentation with measurements, notices and
 * provenance comes out.
 *
 * <p>Depends on the other {@code dev.lss.api} packages alone. Nothing here opens files, loads
 * native code or names a runtime. LSS is not a medical device.
 */
@NullMarked
package dev.lss.api;

import org.jspecify.annotations.NullMarked;
