/**
 * Reads what nnU-Net v2 leaves behind after a training: plans, dataset description and checkpoints,
 * and builds the network that the plans describe. It depends on the model records of the API and on
 * Jackson, knows no runtime and no image, and executes nothing that it reads.
 */
@NullMarked
package dev.lss.core.nnunet;

import org.jspecify.annotations.NullMarked;
