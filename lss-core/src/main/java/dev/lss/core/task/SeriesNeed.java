package dev.lss.core.task;

import dev.lss.api.SeriesRole;
import dev.lss.api.SlicePlane;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A series that a task looks at. Immutable.
 *
 * @param role what it shows
 * @param kind volume or picture
 * @param optional whether the task can do without it
 * @param prefers the plane that is taken where a study holds several series of the role
 * @param alternative whether it is one of several of which any one is enough, see {@link #oneOf};
 *     then it is optional
 */
public record SeriesNeed(
    SeriesRole role,
    Kind kind,
    boolean optional,
    Optional<SlicePlane> prefers,
    boolean alternative) {

  /** What a series may be. */
  public enum Kind {
    /** A volume in the patient; a single slice is one. */
    VOLUME,
    /**
     * A volume in the patient as {@link #VOLUME}; a picture is one slice of it once somebody says
     * how it lies in the patient, {@link dev.lss.api.image.PictureView}.
     */
    VOLUME_OR_PLACED_PICTURE,
    /** One plane without a place in the patient, such as an ultrasound picture. */
    PICTURE,
    /** Either. */
    ANY;

    /** Returns whether volumes in the patient are taken. */
    public boolean takesVolumes() {
      return this != PICTURE;
    }

    /** Returns whether images without a place in the patient are taken. */
    public boolean takesPictures() {
      return this == PICTURE || this == ANY;
    }
  }

  /** Refuses null, by name, and an alternative that must be there. */
  public SeriesNeed {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(prefers, "prefers");
    if (alternative && !optional) {
      throw new IllegalArgumentException("one of several series is optional, was " + role);
    }
  }

  /** A need that is no alternative to others. */
  public SeriesNeed(SeriesRole role, Kind kind, boolean optional, Optional<SlicePlane> prefers) {
    this(role, kind, optional, prefers, false);
  }

  /** Returns the need of a series that must be there, in any plane. */
  public static SeriesNeed of(SeriesRole role, Kind kind) {
    return new SeriesNeed(role, kind, false, Optional.empty());
  }

  /**
   * Returns the needs of a task whose network takes one series of any of these roles. At least one
   * must be there; {@link Case#chosen} is the one to segment, and the others are there for what the
   * task measures. A task has one such group.
   *
   * @param kind volume or picture
   * @param prefers the plane that is chosen before the others
   * @param roles the roles, the best one first
   */
  public static List<SeriesNeed> oneOf(Kind kind, SlicePlane prefers, SeriesRole... roles) {
    return Arrays.stream(roles)
        .map(role -> new SeriesNeed(role, kind, true, Optional.of(prefers), true))
        .toList();
  }
}
