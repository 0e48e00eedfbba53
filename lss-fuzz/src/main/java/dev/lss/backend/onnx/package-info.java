/** Fuzz targets of what only this package sees. */
@NullMarked
package dev.lss.backend.onnx;

import org.jspecify.annotations.NullMarked;
