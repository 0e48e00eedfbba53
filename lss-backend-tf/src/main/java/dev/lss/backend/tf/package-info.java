/**
 * Runs networks with TensorFlow, through TensorFlow Java: a network description is translated to a
 * graph in channels-last order, which takes and gives tensors in channels-first order like every
 * network in LSS.
 *
 * <p>Depends on lss-api and TensorFlow Java alone; the native libraries are the application's
 * choice. Never uses the network, never falls back to another device, and writes no file except the
 * runtime's own libraries (see {@link dev.lss.backend.tf.TfLibrary}) and, while a SavedModel is
 * opened, its files in a private temporary folder.
 */
@NullMarked
package dev.lss.backend.tf;

import org.jspecify.annotations.NullMarked;
