/** Fuzz targets of what only this package sees. */
@NullMarked
package dev.lss.backend.tf;

import org.jspecify.annotations.NullMarked;
