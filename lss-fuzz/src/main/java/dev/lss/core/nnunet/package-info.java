/** Fuzz targets of what only this package sees. */
@NullMarked
package dev.lss.core.nnunet;

import org.jspecify.annotations.NullMarked;
