package dev.lss.dicom.pixel;

import dev.lss.dicom.data.DataSet;
import dev.lss.dicom.data.DicomFault;
import dev.lss.dicom.data.Tag;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Stored numbers to the unit of the image (PS3.3 C.11.1): a table where there is one, else slope
 * and intercept, computed in double and rounded to float32 once. Immutable.
 */
public final class Rescale {

  /** Stored numbers as they are. */
  public static final Rescale IDENTITY = new Rescale(1, 0, new double[0], 0);

  private final double slope;
  private final double intercept;
  private final double[] table;
  private final int first;

  private Rescale(double slope, double intercept, double[] table, int first) {
    this.slope = slope;
    this.intercept = intercept;
    this.table = table;
    this.first = first;
  }

  /**
   * Reads the attributes, which lie at the top or in a functional group.
   *
   * @return empty when there are none
   * @throws dev.lss.api.InvalidStudyException {@code BAD_RESCALE}
   */
  public static Optional<Rescale> of(DataSet data, PixelFormat format, String name) {
    Optional<DataSet> lut = data.item(Tag.MODALITY_LUT);
    if (lut.isPresent()) {
      return Optional.of(ofTable(lut.get(), format, name));
    }
    OptionalDouble slope = data.number(Tag.RESCALE_SLOPE);
    OptionalDouble intercept = data.number(Tag.RESCALE_INTERCEPT);
    if (slope.isEmpty() && intercept.isEmpty()) {
      return Optional.empty();
    }
    double factor = slope.orElse(1);
    double offset = intercept.orElse(0);
    if (!(Math.abs(factor) > 0) || !(Math.abs(factor) <= 1e30) || !(Math.abs(offset) <= 1e30)) {
      throw DicomFault.of(
          "BAD_RESCALE",
          name,
          "rescale slope (0028,1053) must be finite and not 0, intercept (0028,1052) finite");
    }
    return Optional.of(new Rescale(factor, offset, new double[0], 0));
  }

  private static Rescale ofTable(DataSet lut, PixelFormat format, String name) {
    double[] described = lut.numbers(Tag.LUT_DESCRIPTOR);
    double[] table = lut.numbers(Tag.LUT_DATA);
    int count = described.length == 3 && described[0] == 0 ? 1 << 16 : 0;
    if (described.length == 3 && described[0] > 0) {
      count = (int) described[0];
    }
    if (count == 0 || table.length < count) {
      throw DicomFault.of("BAD_RESCALE", name, "its table of values (0028,3000) is damaged");
    }
    int first = (int) described[1];
    return new Rescale(
        1, 0, java.util.Arrays.copyOf(table, count), format.isSigned() ? (short) first : first);
  }

  /** Returns the value of a stored number. */
  public float apply(long stored) {
    if (table.length > 0) {
      return (float) table[(int) Math.max(0, Math.min(table.length - 1, stored - first))];
    }
    return (float) (slope * stored + intercept);
  }
}
