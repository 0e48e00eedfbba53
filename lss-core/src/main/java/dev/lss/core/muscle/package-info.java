/**
 * The task {@code mr-muscle}: the muscles beside the lumbar spine, how large they are and how much
 * fat they hold. Measures labels of others too. Knows no file and no backend.
 */
@NullMarked
package dev.lss.core.muscle;

import org.jspecify.annotations.NullMarked;
