/**
 * What a model package says about itself, as plain records: stages, preprocessing, labels, licence,
 * hashes. Reading it loads no runtime. The network itself is in {@code dev.lss.api.model.network}.
 */
@NullMarked
package dev.lss.api.model;

import org.jspecify.annotations.NullMarked;
