package dev.lss.core.task;

import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import java.util.Objects;
import java.util.Optional;

/**
 * A series that a task looks at. Immutable.
 *
 * @param role what it shows
 * @param kind volume or picture
 * @param optional whether the task can do without it
 * @param prefers the plane that is taken where a study holds several series of the role
 */
public record SeriesNeed(
    SeriesRole role, Kind kind, boolean optional, Optional<SlicePlane> prefers) {

  /** What a series may be. */
  public enum Kind {
    /** A volume in the patient; a single slice is one. */
    VOLUME,
    /** One plane without a place in the patient, such as an ultrasound picture. */
    PICTURE,
    /** Either. */
    ANY
  }

  /** Refuses null, by name. */
  public SeriesNeed {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(prefers, "prefers");
  }

  /** Returns the need of a series that must be there, in any plane. */
  public static SeriesNeed of(SeriesRole role, Kind kind) {
    return new SeriesNeed(role, kind, false, Optional.empty());
  }
}
