package dev.lss.api.image;

import java.util.Objects;

/**
 * How a picture without a place lies in the patient, so that it can be taken as one slice. Nothing
 * in a picture says it, and it is never guessed: whoever has the picture says it. Immutable.
 *
 * @param columns the direction in which columns are counted, from the picture's left to its right
 * @param rows the direction in which rows are counted, from its top down
 */
public record PictureView(Direction columns, Direction rows) {

  /** The thickness that a picture gets as a slice, in mm: it has none of its own. */
  public static final double THICKNESS_MM = 1;

  /** A direction in the patient. */
  public enum Direction {
    /** To the patient's right. */
    RIGHT(0, -1),
    /** To the patient's left. */
    LEFT(0, 1),
    /** To the front. */
    ANTERIOR(1, -1),
    /** To the back. */
    POSTERIOR(1, 1),
    /** To the feet. */
    INFERIOR(2, -1),
    /** To the head. */
    SUPERIOR(2, 1);

    private final int axis;
    private final int sign;

    Direction(int axis, int sign) {
      this.axis = axis;
      this.sign = sign;
    }

    private Vector3 times(double mm) {
      return Vector3.of(one -> one == axis ? sign * mm : 0);
    }
  }

  /** Refuses null, and two directions along one axis. */
  public PictureView {
    Objects.requireNonNull(columns, "columns");
    Objects.requireNonNull(rows, "rows");
    if (columns.axis == rows.axis) {
      throw new IllegalArgumentException(
          "columns and rows run across each other, were %s and %s".formatted(columns, rows));
    }
  }

  /**
   * Returns the view of an axial picture, its top to the front.
   *
   * @param leftEdge the patient's side at the left edge: {@link Direction#RIGHT} as radiologists
   *     look at slices, from the feet, or {@link Direction#LEFT}
   */
  public static PictureView axial(Direction leftEdge) {
    return new PictureView(
        switch (leftEdge) {
          case RIGHT -> Direction.LEFT;
          case LEFT -> Direction.RIGHT;
          default -> throw notAnEdge("LEFT or RIGHT", leftEdge);
        },
        Direction.POSTERIOR);
  }

  /**
   * Returns the view of a sagittal picture.
   *
   * @param leftEdge what lies at the left edge, {@link Direction#ANTERIOR} or {@link
   *     Direction#POSTERIOR}
   * @param headUp whether the head lies at the top
   */
  public static PictureView sagittal(Direction leftEdge, boolean headUp) {
    return new PictureView(
        switch (leftEdge) {
          case ANTERIOR -> Direction.POSTERIOR;
          case POSTERIOR -> Direction.ANTERIOR;
          default -> throw notAnEdge("ANTERIOR or POSTERIOR", leftEdge);
        },
        headUp ? Direction.INFERIOR : Direction.SUPERIOR);
  }

  private static IllegalArgumentException notAnEdge(String wanted, Direction edge) {
    return new IllegalArgumentException(
        "the left edge of such a view is %s, was %s".formatted(wanted, edge));
  }

  /**
   * Returns a grid in the patient with the pixels of a picture: the same columns and rows, the
   * middle of the first pixel at the origin, one slice of {@link #THICKNESS_MM}.
   *
   * @param picture an image plane of known scale
   * @throws IllegalArgumentException when it lies in the patient already, its scale is not known or
   *     it has several planes
   */
  public GridGeometry place(GridGeometry picture) {
    if (picture.space() != GridGeometry.Space.IMAGE_PLANE
        || !picture.calibrated()
        || picture.extents().k() != 1) {
      throw new IllegalArgumentException(
          "one image plane of known scale can be placed, was " + picture.describe());
    }
    Vector3 spacing = picture.spacingMm();
    int across = 3 - columns.axis - rows.axis;
    return GridGeometry.of(
        picture.extents(),
        new Affine(
            columns.times(spacing.x()),
            rows.times(spacing.y()),
            Vector3.of(axis -> axis == across ? THICKNESS_MM : 0),
            new Vector3(0, 0, 0)),
        new Vector3(spacing.x(), spacing.y(), THICKNESS_MM));
  }

  /** Returns a picture as one slice in the patient, with the same samples; see {@link #place}. */
  public Volume place(Volume picture) {
    return Volume.wrap(place(picture.geometry()), picture.toArray());
  }

  /** Returns the labels of a picture as those of one slice; see {@link #place}. */
  public LabelVolume place(LabelVolume labels) {
    return LabelVolume.wrap(place(labels.geometry()), labels.toArray());
  }
}
