package dev.lss.api.anatomy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of the body that a label can stand for. Each has a stable text key, the same in both
 * directions: {@code Structure.parse(s.key()).equals(s)}. Immutable.
 */
public sealed interface Structure {

  /** Keys of {@link Fascia}. */
  Pattern FASCIA = Pattern.compile("fascia/thoracolumbar(?:/([1-9][0-9]{0,3}))?");

  /** Returns the stable key, such as {@code vertebra/L3}; lower case words joined by slashes. */
  String key();

  /** Returns the name for people, such as {@code L3 vertebra}. */
  String displayName();

  /** Returns the coded concept, or empty where no verified code exists. */
  Optional<CodedConcept> code();

  /**
   * One whole vertebra: body, arch and processes.
   *
   * @param level which one
   */
  record Vertebra(VertebraLevel level) implements Structure {
    @Override
    public String key() {
      return "vertebra/" + level;
    }

    @Override
    public String displayName() {
      return level + " vertebra";
    }

    @Override
    public Optional<CodedConcept> code() {
      return level.code();
    }
  }

  /**
   * The disc below a vertebra, or the space where it is.
   *
   * @param above the vertebra above it, after which it is named
   */
  record Disc(VertebraLevel above) implements Structure {
    @Override
    public String key() {
      return "disc/" + above;
    }

    @Override
    public String displayName() {
      return "disc below " + above;
    }

    @Override
    public Optional<CodedConcept> code() {
      return Optional.empty();
    }
  }

  /**
   * A muscle beside the lumbar spine.
   *
   * @param muscle which one
   * @param side on which side of the patient
   */
  record Muscle(dev.lss.api.anatomy.Muscle muscle, Side side) implements Structure {
    @Override
    public String key() {
      return "muscle/%s/%s".formatted(muscle.key(), side.key());
    }

    @Override
    public String displayName() {
      return side.displayName() + " " + muscle.displayName();
    }

    @Override
    public Optional<CodedConcept> code() {
      return muscle.code();
    }
  }

  /**
   * The thoracolumbar fascia in an ultrasound image, all of it or one layer.
   *
   * @param layer number of the layer from the skin down, from 1; 0 for all of it
   */
  record Fascia(int layer) implements Structure {

    /** All layers together. */
    public static final Fascia ALL = new Fascia(0);

    private static final String KEY = "fascia/thoracolumbar";

    /** Refuses a negative layer. */
    public Fascia {
      if (layer < 0) {
        throw new IllegalArgumentException("a layer is counted from 1, was " + layer);
      }
    }

    @Override
    public String key() {
      return layer == 0 ? KEY : KEY + "/" + layer;
    }

    @Override
    public String displayName() {
      return "thoracolumbar fascia" + (layer == 0 ? "" : ", layer " + layer);
    }

    @Override
    public Optional<CodedConcept> code() {
      return Optional.empty();
    }
  }

  /**
   * Anything without a type of its own here, kept by its key.
   *
   * @param key the key, not blank
   */
  record Other(String key) implements Structure {

    /** Refuses a blank key and one that belongs to another type. */
    public Other {
      if (key.isBlank()) {
        throw new IllegalArgumentException("a structure key must not be blank");
      }
      if (known(key).isPresent()) {
        throw new IllegalArgumentException(key + " has a type of its own: use Structure.parse");
      }
    }

    @Override
    public String displayName() {
      return key;
    }

    @Override
    public Optional<CodedConcept> code() {
      return Optional.empty();
    }
  }

  /** Returns the structure with this key; a key that no type claims becomes {@link Other}. */
  static Structure parse(String key) {
    Optional<Structure> known = known(key);
    return known.isPresent() ? known.get() : new Other(key);
  }

  private static Optional<Structure> known(String key) {
    Matcher fascia = FASCIA.matcher(key);
    if (fascia.matches()) {
      String layer = fascia.group(1);
      return Optional.of(new Fascia(layer == null ? 0 : Integer.parseInt(layer)));
    }
    for (dev.lss.api.anatomy.Muscle muscle : dev.lss.api.anatomy.Muscle.values()) {
      for (Side side : Side.values()) {
        Muscle one = new Muscle(muscle, side);
        if (key.equals(one.key())) {
          return Optional.of(one);
        }
      }
    }
    for (VertebraLevel level : VertebraLevel.values()) {
      if (key.equals("vertebra/" + level)) {
        return Optional.of(new Vertebra(level));
      }
      if (key.equals("disc/" + level)) {
        return Optional.of(new Disc(level));
      }
    }
    return Optional.empty();
  }
}
