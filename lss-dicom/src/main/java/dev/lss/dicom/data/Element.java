package dev.lss.dicom.data;

import java.nio.ByteOrder;
import java.util.List;

/**
 * One attribute as it is stored. Immutable.
 *
 * @param tag group and element
 * @param vr its representation, {@code UN} where neither the file nor {@link Tag} says it
 * @param order order of the bytes of its numbers
 * @param value what it holds
 */
public record Element(int tag, Vr vr, ByteOrder order, Value value) {

  /** What an attribute holds. */
  public sealed interface Value permits Bytes, Items, Fragments {}

  /**
   * A short value, at hand.
   *
   * @param range the value's bytes
   */
  public record Bytes(ByteRange range) implements Value {}

  /**
   * The items of a sequence.
   *
   * @param items may be empty
   */
  public record Items(List<DataSet> items) implements Value {

    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * Compressed pixels in pieces.
   *
   * @param offsets the basic offset table, which may be empty
   * @param pieces the pieces in order
   */
  public record Fragments(ByteRange offsets, List<ByteRange> pieces) implements Value {

    /** Copies the list. */
    public Fragments {
      pieces = List.copyOf(pieces);
    }
  }
}
