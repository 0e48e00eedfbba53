/** Fuzz targets of what only this package sees. */
@NullMarked
package dev.lss.backend.djl;

import org.jspecify.annotations.NullMarked;
