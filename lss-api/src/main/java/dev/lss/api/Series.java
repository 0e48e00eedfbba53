package dev.lss.api;

import dev.lss.api.image.GridGeometry;
import dev.lss.api.image.Volume;
import java.util.Objects;
import java.util.Optional;

/** One image of a study with its role. Immutable. */
public final class Series {

  private final SeriesRole role;
  private final Volume volume;
  private final Optional<SourceRef> source;
  private final Optional<String> name;

  private Series(
      SeriesRole role, Volume volume, Optional<SourceRef> source, Optional<String> name) {
    this.role = Objects.requireNonNull(role, "role");
    this.volume = Objects.requireNonNull(volume, "volume");
    this.source = source;
    this.name = name;
  }

  /** Returns a series without a source and without a name. */
  public static Series of(SeriesRole role, Volume volume) {
    return new Series(role, volume, Optional.empty(), Optional.empty());
  }

  /** Returns this series with the content hash of where it came from. */
  public Series withSource(SourceRef from) {
    return new Series(role, volume, Optional.of(from), name);
  }

  /**
   * Returns this series with a name that tells it from others of its role, such as {@code sagittal
   * upper}. No identifier of a patient.
   */
  public Series withName(String called) {
    return new Series(role, volume, source, Optional.of(called));
  }

  /** Returns what the image shows. */
  public SeriesRole role() {
    return role;
  }

  /** Returns the image on its own grid. */
  public Volume volume() {
    return volume;
  }

  /** Returns the grid of the image. */
  public GridGeometry geometry() {
    return volume.geometry();
  }

  /** Returns the content hash of where it came from; empty when the caller made the array. */
  public Optional<SourceRef> source() {
    return source;
  }

  /** Returns what tells it from others of its role; empty when it needs no name. */
  public Optional<String> name() {
    return name;
  }

  /** Returns the plane of its slices. */
  public SlicePlane plane() {
    return SlicePlane.of(geometry());
  }

  /** Returns role and name, for messages. */
  @Override
  public String toString() {
    return name.map(called -> role + " \"" + called + "\"").orElseGet(role::toString);
  }
}
