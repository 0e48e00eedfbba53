/** The tasks, each one readable method from study to result. */
@NullMarked
package dev.lss.core.pipeline;

import org.jspecify.annotations.NullMarked;
