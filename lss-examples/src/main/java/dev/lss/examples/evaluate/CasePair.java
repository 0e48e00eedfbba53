package dev.lss.examples.evaluate;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Two label maps of one image. Immutable.
 *
 * @param name what the case is called: the path of the reference's file inside its folder, without
 *     the ending
 * @param reference the file of the reference
 * @param prediction the file of the prediction; empty when there is none
 */
record CasePair(String name, Path reference, Optional<Path> prediction) {}
