package dev.lss.dicom.data;

import dev.lss.api.InvalidStudyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Attributes by tag. A getter returns empty where the attribute is missing or has no value; text
 * that should be a number and is none becomes NaN, which whoever needs the number refuses.
 * Immutable.
 */
public final class DataSet {

  /** A data set without attributes. */
  public static final DataSet EMPTY = new DataSet(new TreeMap<>());

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");

  private final NavigableMap<Integer, Element> elements;

  /** Takes over the map. */
  DataSet(NavigableMap<Integer, Element> elements) {
    this.elements = elements;
  }

  /** Returns the attribute itself; empty when it is missing. */
  public Optional<Element> element(Tag tag) {
    return Optional.ofNullable(elements.get(tag.code()));
  }

  /** Returns the attribute of a tag that {@link Tag} does not name; empty when it is missing. */
  Optional<Element> element(int tag) {
    return Optional.ofNullable(elements.get(tag));
  }

  /** Returns whether the attribute is there with a value. */
  public boolean has(Tag tag) {
    return element(tag)
        .map(
            e ->
                e.value() instanceof Element.Bytes bytes
                    ? bytes.range().length() > 0
                    : !(e.value() instanceof Element.Items items) || !items.items().isEmpty())
        .orElse(false);
  }

  /** Returns how many attributes there are. */
  int size() {
    return elements.size();
  }

  /** Returns the first value as text without padding; empty when there is none or a blank one. */
  public Optional<String> text(Tag tag) {
    List<String> all = texts(tag);
    return all.isEmpty() || all.get(0).isEmpty() ? Optional.empty() : Optional.of(all.get(0));
  }

  /** Returns all values as text without padding; empty values between others stay. */
  public List<String> texts(Tag tag) {
    byte[] bytes = bytes(tag);
    if (bytes == null || bytes.length == 0) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (String value : new String(bytes, charset()).split("\\\\", -1)) {
      values.add(withoutPadding(value));
    }
    return values;
  }

  private static String withoutPadding(String value) {
    int end = value.indexOf('\0') < 0 ? value.length() : value.indexOf('\0');
    return value.substring(0, end).trim();
  }

  /** Returns the first value as an integer; empty when there is none or it is no integer. */
  public OptionalInt integer(Tag tag) {
    OptionalDouble number = number(tag);
    return number.isPresent()
            && Math.rint(number.getAsDouble()) == number.getAsDouble()
            && Math.abs(number.getAsDouble()) <= Integer.MAX_VALUE
        ? OptionalInt.of((int) number.getAsDouble())
        : OptionalInt.empty();
  }

  /** Returns the first value; empty when there is none, NaN when it is no number. */
  public OptionalDouble number(Tag tag) {
    double[] all = numbers(tag);
    return all.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(all[0]);
  }

  /** Returns all values; NaN for what is no number. */
  public double[] numbers(Tag tag) {
    byte[] bytes = bytes(tag);
    Element element = elements.get(tag.code());
    if (bytes == null || element == null) {
      return new double[0];
    }
    Vr vr = element.vr() == Vr.UN ? tag.vr() : element.vr();
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(element.order());
    return switch (vr) {
      case US, OW -> binary(buffer, 2, at -> buffer.getShort(at) & 0xffff);
      case SS -> binary(buffer, 2, buffer::getShort);
      case UL, OL -> binary(buffer, 4, at -> buffer.getInt(at) & 0xffffffffL);
      case SL -> binary(buffer, 4, buffer::getInt);
      case FL, OF -> binary(buffer, 4, buffer::getFloat);
      case FD, OD -> binary(buffer, 8, buffer::getDouble);
      case SV, UV, OV -> binary(buffer, 8, buffer::getLong);
      default -> texts(tag).stream().mapToDouble(DataSet::decimal).toArray();
    };
  }

  private interface At {
    double get(int index);
  }

  private static double[] binary(ByteBuffer buffer, int width, At at) {
    double[] numbers = new double[buffer.capacity() / width];
    for (int n = 0; n < numbers.length; n++) {
      numbers[n] = at.get(n * width);
    }
    return numbers;
  }

  private static double decimal(String text) {
    return DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
  }

  /** Returns the bytes of a value as they are stored; none when it is missing or a sequence. */
  public byte[] raw(Tag tag) {
    byte[] bytes = bytes(tag);
    return bytes == null ? new byte[0] : bytes;
  }

  /** Returns the items of a sequence; empty when it is missing. */
  public List<DataSet> items(Tag tag) {
    return element(tag)
        .map(e -> e.value() instanceof Element.Items items ? items.items() : List.<DataSet>of())
        .orElse(List.of());
  }

  /** Returns the first item of a sequence; empty when there is none. */
  public Optional<DataSet> item(Tag tag) {
    return items(tag).stream().findFirst();
  }

  /** Returns the value's bytes; null when it is missing or no plain value. */
  private byte @Nullable [] bytes(Tag tag) {
    Element element = elements.get(tag.code());
    if (element == null || !(element.value() instanceof Element.Bytes bytes)) {
      return null;
    }
    if (bytes.range().length() > DataSetReader.LONGEST_VALUE) {
      throw DicomFault.of(
          "CORRUPT",
          bytes.range().source().name(),
          "%s may have %s bytes, has %s"
              .formatted(tag, DataSetReader.LONGEST_VALUE, bytes.range().length()));
    }
    try {
      return bytes.range().read();
    } catch (IOException e) {
      throw DicomFault.of(
          "UNREADABLE", bytes.range().source().name(), "it changed while it was read", e);
    }
  }

  private Charset charset() {
    Element named = elements.get(Tag.SPECIFIC_CHARACTER_SET.code());
    if (named == null || !(named.value() instanceof Element.Bytes bytes)) {
      return StandardCharsets.ISO_8859_1; // keeps every byte; what is read is ASCII
    }
    try {
      String terms = new String(bytes.range().read(), StandardCharsets.US_ASCII);
      String first = withoutPadding(terms.split("\\\\", -1)[0]);
      return CharacterSets.of(first).orElse(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new InvalidStudyException("UNREADABLE", "a file changed while it was read", e);
    }
  }

  /** Returns whether the character set that is named is one that is known. */
  public boolean knowsItsCharacters() {
    List<String> terms = texts(Tag.SPECIFIC_CHARACTER_SET);
    return terms.isEmpty() || CharacterSets.of(terms.get(0)).isPresent();
  }
}
