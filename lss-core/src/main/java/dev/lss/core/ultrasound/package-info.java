/**
 * B-mode ultrasound: where a picture shows tissue, and the thickness, length, slope, depth and
 * brightness of the fascia in it. Depends on images and anatomy alone; knows no networks or files.
 */
@NullMarked
package dev.lss.core.ultrasound;

import org.jspecify.annotations.NullMarked;
