package dev.lss.api.anatomy;

import java.util.Optional;

/**
 * A part of the body that a label can stand for. Each has a stable text key, the same in both
 * directions: {@code Structure.parse(s.key()).equals(s)}. Immutable.
 */
public sealed interface Structure {

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
      if (vertebra(key).isPresent()) {
        throw new IllegalArgumentException(key + " is a vertebra: use Structure.parse");
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
    Optional<Structure> vertebra = vertebra(key);
    return vertebra.isPresent() ? vertebra.get() : new Other(key);
  }

  private static Optional<Structure> vertebra(String key) {
    for (VertebraLevel level : VertebraLevel.values()) {
      if (key.equals("vertebra/" + level)) {
        return Optional.of(new Vertebra(level));
      }
    }
    return Optional.empty();
  }
}
