package dev.lss.api;

import dev.lss.api.image.Volume;
import java.util.Optional;

/**
 * One image of a study with its role. Immutable.
 *
 * @param role what the image shows
 * @param volume the image on its own grid
 * @param source content hash of where it came from; empty when the caller made the array
 */
public record Series(SeriesRole role, Volume volume, Optional<SourceRef> source) {

  /** Returns a series without a source. */
  public static Series of(SeriesRole role, Volume volume) {
    return new Series(role, volume, Optional.empty());
  }
}
