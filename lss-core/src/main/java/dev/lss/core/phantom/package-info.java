/** Images that are made from formulas, so that the true volumes are known without measuring. */
@NullMarked
package dev.lss.core.phantom;

import org.jspecify.annotations.NullMarked;
