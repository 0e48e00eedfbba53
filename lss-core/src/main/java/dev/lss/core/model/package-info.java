/** Model packages: the manifest, safetensors weights, hashes. Loads no runtime and no code. */
@NullMarked
package dev.lss.core.model;

import org.jspecify.annotations.NullMarked;
