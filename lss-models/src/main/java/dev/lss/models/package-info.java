/**
 * The reference networks that ship with LSS: for each a manifest, weights, a licence and a model
 * card under {@code META-INF/lss/models/<id>/}. Depends on the API alone and knows no runtime.
 *
 * <p>The code is Apache-2.0. The weights are CC-BY-SA-4.0, because they learned from label maps
 * under that licence; each package's {@code LICENSE} and {@code MODEL_CARD.md} say so.
 */
@NullMarked
package dev.lss.models;

import org.jspecify.annotations.NullMarked;
