/**
 * The form of a spine from its labels: endplates, heights, disc spaces, slips, angles; in
 * millimetres and degrees of the patient's space, whatever way the image was stored. Knows geometry
 * and labels, no image values, no task.
 */
@NullMarked
package dev.lss.core.morphometry;

import org.jspecify.annotations.NullMarked;
