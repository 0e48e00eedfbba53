/** The task {@code segment}: the labels of any model, nnU-Net's among them. */
@NullMarked
package dev.lss.core.segment;

import org.jspecify.annotations.NullMarked;
