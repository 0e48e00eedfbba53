/** Examples of embedding LSS in an application. Each is compiled by the build and runs as it is. */
@NullMarked
package dev.lss.examples;

import org.jspecify.annotations.NullMarked;
