package dev.lss.dicom.derived;

import dev.lss.api.anatomy.CodedConcept;
import dev.lss.api.anatomy.Structure;
import dev.lss.dicom.data.NewDataSet;
import dev.lss.dicom.data.Tag;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What DICOM calls a structure. Codes are those of {@code anatomy-codes.txt}, each from a context
 * group of the standard; a structure that is not listed has a private code made of its key.
 * Immutable.
 *
 * @param structure which one
 * @param label its name for people, such as {@code L4 vertebra} or {@code Left multifidus}
 * @param type its code, or that of its kind where none of its own is known
 * @param laterality which side of the patient; empty for what is in the middle
 */
public record Anatomy(
    Structure structure, String label, CodedConcept type, Optional<CodedConcept> laterality) {

  /** The category of all structures (CID 7150). */
  public static final CodedConcept CATEGORY =
      new CodedConcept("SCT", "91723000", "Anatomical Structure");

  /** The left side of the patient (CID 244). */
  public static final CodedConcept LEFT = new CodedConcept("SCT", "7771000", "Left");

  /** The right side of the patient (CID 244). */
  public static final CodedConcept RIGHT = new CodedConcept("SCT", "24028007", "Right");

  /** The scheme of codes that are ours alone. */
  private static final String PRIVATE = "99LSS";

  /** Codes of a kind, which more structures have than are listed. */
  private static final Set<String> KINDS = Set.of("51282000", "71616004", "120576005");

  private static final int LETTERS = 12;

  /** What a label ends in where the level that it names is not sure. */
  private static final String NOT_SURE = ", level not sure";

  private static final CodedConcept VERTEBRA = new CodedConcept("SCT", "51282000", "Vertebra");

  private static final List<Anatomy> KNOWN = read();

  /** Returns all structures that are listed. */
  public static List<Anatomy> known() {
    return KNOWN;
  }

  /** Returns what a structure is called; one that is not listed by a private code. */
  public static Anatomy of(Structure structure) {
    return KNOWN.stream()
        .filter(known -> known.structure().equals(structure))
        .findFirst()
        .orElseGet(() -> ofPrivate(structure));
  }

  private static Anatomy ofPrivate(Structure structure) {
    String label = structure.displayName();
    String meaning = NewDataSet.fitting(Tag.CODE_MEANING, structure.key());
    CodedConcept type = new CodedConcept(PRIVATE, hash(structure.key()), meaning);
    return new Anatomy(structure, label, type, Optional.empty());
  }

  /**
   * Returns the same structure called by its kind, because its level is not sure; the likely level
   * stays in the label, which says so.
   */
  public Anatomy withLevelNotSure() {
    CodedConcept kind =
        structure instanceof Structure.Vertebra
            ? VERTEBRA
            : new CodedConcept(PRIVATE, hash("disc"), "disc");
    return new Anatomy(structure, label + NOT_SURE, kind, laterality);
  }

  /** Returns whether a label says that the level that it names is not sure. */
  public static boolean saysNotSure(String label) {
    return label.strip().endsWith(NOT_SURE);
  }

  private static String hash(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, LETTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Returns the structure of codes and label. Where several have one code, the code of their kind,
   * the label decides; a private code of ours is known by its meaning. Where the level is not sure
   * it is the likely one, see {@link #saysNotSure}.
   */
  public static Optional<Structure> find(
      CodedConcept type, Optional<CodedConcept> laterality, String label) {
    if (saysNotSure(label)) {
      String likely = label.strip().substring(0, label.strip().length() - NOT_SURE.length());
      return KNOWN.stream()
          .filter(known -> known.label().equals(likely))
          .filter(known -> isSame(known.withLevelNotSure().type(), type))
          .findFirst()
          .map(Anatomy::structure);
    }
    if (type.scheme().equals(PRIVATE)) {
      return type.value().equals(hash(type.meaning()))
          ? Optional.of(Structure.parse(type.meaning()))
          : Optional.empty();
    }
    return KNOWN.stream()
        .filter(known -> isSame(known.type(), type))
        .filter(known -> value(known.laterality()).equals(value(laterality)))
        .filter(
            known -> !KINDS.contains(type.value()) || known.label().equalsIgnoreCase(label.strip()))
        .findFirst()
        .map(Anatomy::structure);
  }

  private static String value(Optional<CodedConcept> code) {
    return code.map(CodedConcept::value).orElse("");
  }

  private static boolean isSame(CodedConcept one, CodedConcept other) {
    return one.value().equals(other.value()) && one.scheme().equals(other.scheme());
  }

  /** Returns the item of a code sequence. */
  public static NewDataSet item(CodedConcept code) {
    return new NewDataSet()
        .text(Tag.CODE_VALUE, code.value())
        .text(Tag.CODING_SCHEME_DESIGNATOR, code.scheme())
        .text(Tag.CODE_MEANING, NewDataSet.fitting(Tag.CODE_MEANING, code.meaning()));
  }

  private static List<Anatomy> read() {
    List<Anatomy> all = new ArrayList<>();
    try (InputStream in = Anatomy.class.getResourceAsStream("anatomy-codes.txt")) {
      if (in == null) {
        throw new IllegalStateException("anatomy-codes.txt is missing from lss-dicom");
      }
      var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#") && !line.isBlank()) {
          all.add(of(line.split(" \\| ", -1)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("anatomy-codes.txt of lss-dicom cannot be read", e);
    }
    return List.copyOf(all);
  }

  private static Anatomy of(String[] cells) {
    Optional<CodedConcept> side =
        switch (cells[5].toUpperCase(Locale.ROOT)) {
          case "LEFT" -> Optional.of(LEFT);
          case "RIGHT" -> Optional.of(RIGHT);
          default -> Optional.empty();
        };
    CodedConcept type = new CodedConcept(cells[2], cells[3], cells[4]);
    return new Anatomy(Structure.parse(cells[0]), cells[1], type, side);
  }
}
