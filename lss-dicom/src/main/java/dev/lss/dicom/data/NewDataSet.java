package dev.lss.dicom.data;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The attributes of a data set that is to be written, set in any order. What the representation of
 * an attribute does not allow, such as a text that is too long, is refused as a mistake of the
 * caller; {@link #fitting} cuts texts of others. Not thread-safe.
 */
public final class NewDataSet {

  /** What an attribute holds. */
  sealed interface Value permits Text, Bytes, Items, Bulk {}

  record Text(String joined) implements Value {}

  /** Bytes that nobody changes any more. */
  static final class Bytes implements Value {

    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  record Items(List<NewDataSet> items) implements Value {}

  /** Bytes that are made while they are written, such as pixels. */
  public interface Content {

    /** Writes exactly as many bytes as were announced. */
    void writeTo(java.io.OutputStream out) throws java.io.IOException;
  }

  record Bulk(Vr vr, long length, Content content) implements Value {}

  private final NavigableMap<Tag, Value> values =
      new TreeMap<>((a, b) -> Integer.compareUnsigned(a.code(), b.code()));

  /** Sets texts, dates, UIDs; several values of one attribute, or none for an empty one. */
  public NewDataSet text(Tag tag, String... texts) {
    for (String text : texts) {
      if (!text.equals(fitting(tag, text))) {
        throw new IllegalArgumentException(
            "%s (%s) takes no text of %s letters such as was given"
                .formatted(tag, tag.vr(), text.length()));
      }
    }
    return set(tag, new Text(String.join("\\", texts)));
  }

  /** Sets whole numbers: IS as text, AT and numbers of 16 or 32 bits in binary. */
  public NewDataSet integers(Tag tag, long... numbers) {
    return switch (tag.vr()) {
      case IS -> text(tag, Arrays.stream(numbers).mapToObj(Long::toString).toArray(String[]::new));
      case US, SS -> set(tag, new Bytes(littleEndian(numbers, 2)));
      case UL, SL -> set(tag, new Bytes(littleEndian(numbers, 4)));
      default -> throw new IllegalArgumentException("%s is no whole number".formatted(tag));
    };
  }

  /** Sets decimal strings. */
  public NewDataSet decimals(Tag tag, double... numbers) {
    return text(tag, Arrays.stream(numbers).mapToObj(NewDataSet::decimal).toArray(String[]::new));
  }

  /** Sets a binary number of 64 bits. */
  public NewDataSet binary64(Tag tag, double number) {
    if (tag.vr() != Vr.FD) {
      throw new IllegalArgumentException("%s is no FD".formatted(tag));
    }
    return set(tag, new Bytes(littleEndian(new long[] {Double.doubleToLongBits(number)}, 8)));
  }

  /** Sets pointers to attributes. */
  public NewDataSet pointers(Tag tag, Tag... pointers) {
    byte[] bytes = new byte[4 * pointers.length];
    for (int n = 0; n < pointers.length; n++) {
      int code = pointers[n].code();
      bytes[4 * n] = (byte) (code >>> 16);
      bytes[4 * n + 1] = (byte) (code >>> 24);
      bytes[4 * n + 2] = (byte) code;
      bytes[4 * n + 3] = (byte) (code >>> 8);
    }
    return set(tag, new Bytes(bytes));
  }

  /** Sets bytes as they are. */
  public NewDataSet bytes(Tag tag, byte[] bytes) {
    return set(tag, new Bytes(bytes.clone()));
  }

  /** Sets bytes that are made while they are written; at the top of a file only. */
  public NewDataSet bulk(Tag tag, Vr vr, long length, Content content) {
    return set(tag, new Bulk(vr, length, content));
  }

  /** Sets the items of a sequence. */
  public NewDataSet items(Tag tag, NewDataSet... items) {
    return items(tag, List.of(items));
  }

  /** Sets the items of a sequence. */
  public NewDataSet items(Tag tag, List<NewDataSet> items) {
    if (tag.vr() != Vr.SQ) {
      throw new IllegalArgumentException(tag + " is no sequence");
    }
    return set(tag, new Items(List.copyOf(items)));
  }

  /**
   * Copies the bytes of a text as they are, in the character set of their data set; does nothing
   * where it has no such attribute.
   */
  public NewDataSet copy(DataSet from, Tag tag) {
    from.element(tag)
        .filter(element -> element.value() instanceof Element.Bytes)
        .ifPresent(element -> set(tag, new Bytes(trimmed(from.raw(tag)))));
    return this;
  }

  /** Copies an attribute that must be there, and leaves it empty where there was none. */
  public NewDataSet copyOrEmpty(DataSet from, Tag tag) {
    set(tag, new Bytes(new byte[0]));
    return copy(from, tag);
  }

  private NewDataSet set(Tag tag, Value value) {
    values.put(tag, value);
    return this;
  }

  NavigableMap<Tag, Value> values() {
    return values;
  }

  private static byte[] trimmed(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && (bytes[end - 1] == 0 || bytes[end - 1] == ' ')) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }

  private static byte[] littleEndian(long[] numbers, int width) {
    byte[] bytes = new byte[width * numbers.length];
    for (int n = 0; n < bytes.length; n++) {
      bytes[n] = (byte) (numbers[n / width] >> (8 * (n % width)));
    }
    return bytes;
  }

  /**
   * Returns a text that an attribute can take: controls and backslashes become spaces, and it is
   * cut where it is too long.
   */
  public static String fitting(Tag tag, String text) {
    String clean = text.replaceAll("[\\p{Cntrl}\\\\]", " ");
    int most = tag.vr().mostLetters();
    return clean.codePointCount(0, clean.length()) <= most
        ? clean
        : clean.substring(0, clean.offsetByCodePoints(0, most));
  }

  /**
   * Returns a number as a decimal string of at most 16 letters: the shortest that reads as the same
   * number, or as many digits of it as there is room for.
   *
   * @throws IllegalArgumentException when it is not finite
   */
  public static String decimal(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("a decimal string is finite, was " + number);
    }
    double value = number == 0 ? 0 : number;
    if (Math.rint(value) == value && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    String shortest = Double.toString(value);
    for (int digits = 17; shortest.length() > 16; digits--) {
      String plain = String.format(Locale.ROOT, "%." + digits + "g", value);
      String small = String.format(Locale.ROOT, "%." + Math.max(0, digits - 1) + "e", value);
      shortest = Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15 ? plain : small;
    }
    return shortest;
  }

  /** Returns the values' names, for messages; no value is shown. */
  @Override
  public String toString() {
    return values.keySet().stream().map(Tag::name).collect(Collectors.joining(", "));
  }

  /** Returns the bytes of a value that is no sequence and no bulk. */
  static byte[] encoded(Value value, Charset charset) {
    return value instanceof Text text ? text.joined().getBytes(charset) : ((Bytes) value).bytes;
  }
}
