/**
 * Bytes on their way to and from disk: files that appear whole or not at all, the directory of a
 * zip, SHA-256, half floats, and the version that a writer signs with. Depends on nothing of LSS.
 */
@NullMarked
package dev.lss.core.io;

import org.jspecify.annotations.NullMarked;
