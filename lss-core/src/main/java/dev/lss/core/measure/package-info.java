/**
 * Measures labels and images: volumes, centroids, attenuation. Depends on images and anatomy alone.
 */
@NullMarked
package dev.lss.core.measure;

import org.jspecify.annotations.NullMarked;
