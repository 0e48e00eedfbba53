package dev.lss.core.spine;

import java.util.List;

/** The classes of the network: all vertebrae are one, parted in front of the canal. */
final class Tissue {

  /** Bodies of vertebrae, without pedicles. */
  static final int BODY = 1;

  /** Everything of vertebrae behind the front wall of the canal. */
  static final int ARCH = 2;

  /** Discs. */
  static final int DISC = 3;

  /** The spinal canal. */
  static final int CANAL = 4;

  /** The sacrum, of which the first segment is sure to be in view where any of it is. */
  static final int SACRUM = 5;

  /** Names of the classes in a model, from class 1. */
  static final List<String> KEYS =
      List.of("vertebra/body", "vertebra/arch", "disc", "canal", "sacrum");

  private Tissue() {}
}
