/**
 * Fuzz targets: each takes bytes of any kind as one kind of file. A target is content when the
 * reader returns or throws one of the library's errors or an IOException, within two seconds of
 * processor time; everything else is a finding, which becomes a test of the reader.
 */
@NullMarked
package dev.lss.fuzz;

import org.jspecify.annotations.NullMarked;
