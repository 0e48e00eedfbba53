/**
 * What a provider implements: a backend runs networks, a model provider brings model packages.
 *
 * <p>A backend is a class with a public no-argument constructor that touches no native code, listed
 * in {@code META-INF/services/dev.lss.spi.InferenceBackend} (and in {@code provides} of a named
 * module). It must pass {@code dev.lss.testkit.InferenceBackendContract}. Who opens a session
 * closes it; the caller owns the tensors.
 */
@NullMarked
package dev.lss.spi;

import org.jspecify.annotations.NullMarked;
