/**
 * Finds providers with {@code ServiceLoader}, so that a broken one is reported and does not hide
 * the others. Internal; used for backends and for model packages.
 */
@NullMarked
package dev.lss.core.service;

import org.jspecify.annotations.NullMarked;
