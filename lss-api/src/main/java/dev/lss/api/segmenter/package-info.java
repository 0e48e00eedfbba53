/**
 * What an application holds: a segmenter takes a study and gives a result. Depends on the types of
 * {@code dev.lss.api} and on how a model describes itself.
 */
@NullMarked
package dev.lss.api.segmenter;

import org.jspecify.annotations.NullMarked;
