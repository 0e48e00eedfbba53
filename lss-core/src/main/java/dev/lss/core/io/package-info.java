/**
 * Bytes on their way to and from disk: files that appear whole or not at all, SHA-256, half floats.
 * Depends on nothing of LSS and knows no format.
 */
@NullMarked
package dev.lss.core.io;

import org.jspecify.annotations.NullMarked;
